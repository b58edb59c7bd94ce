/** The namespaces that matter here, under the prefixes that everybody knows them by. */
const prefixes = new Map([
  ["http://ns.useplus.org/ldf/xmp/1.0/", "plus"],
  ["http://www.w3.org/ns/tdmrep/", "tdm"],
  ["http://www.w3.org/ns/tdmrep#", "tdm"],
  ["http://ns.adobe.com/xap/1.0/rights/", "xmpRights"],
  ["http://creativecommons.org/ns#", "cc"],
  ["http://web.resource.org/cc/", "cc"],
  ["http://purl.org/dc/elements/1.1/", "dc"],
  ["http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Iptc4xmpExt"],
  ["http://ns.adobe.com/photoshop/1.0/", "photoshop"],
]);

/** An XMP packet larger than this is not read. */
const maxLength = 1_000_000;

/**
 * The simple properties of an XMP packet by qualified name: attributes, `rdf:resource`, text, and the items of lists joined by a
 * comma. Prefixes are resolved by namespace. Only the namespaces of rights and mining are looked at.
 */
export function readXmp(packet: string): Record<string, string> {
  const found: Record<string, string> = {};
  if (packet.length > maxLength) return found;
  for (const [, prefix, , uri] of packet.matchAll(/\bxmlns:([\w.-]+)\s*=\s*(["'])(.*?)\2/g)) {
    const name = prefixes.get(uri!);
    if (!name) continue;
    const p = prefix!.replace(/[.-]/g, "\\$&");
    for (const [, property, , value] of packet.matchAll(
      new RegExp(`[\\s]${p}:(\\w+)\\s*=\\s*(["'])([^<]*?)\\2`, "g"),
    )) {
      found[`${name}:${property}`] ??= unescaped(value!);
    }
    for (const [, property, , resource] of packet.matchAll(
      new RegExp(`<${p}:(\\w+)[^<>]*?\\brdf:resource\\s*=\\s*(["'])([^<]*?)\\2`, "g"),
    )) {
      found[`${name}:${property}`] ??= unescaped(resource!);
    }
    for (const [, property, body] of packet.matchAll(
      new RegExp(`<${p}:(\\w+)\\b[^<>]*(?<!/)>([^]{0,4000}?)</${p}:\\1>`, "g"),
    )) {
      const items = [...body!.matchAll(/<rdf:li\b[^>]*>([^<]*)<\/rdf:li>/g)].map(([, item]) => item!.trim());
      const text = items.length > 0 ? items.join(", ") : body!.trim();
      if (text !== "" && !text.includes("<")) found[`${name}:${property}`] ??= unescaped(text);
    }
  }
  return found;
}

function unescaped(text: string): string {
  return text.replace(
    /&(?:lt|gt|amp|quot|apos);/g,
    (entity) => ({ "&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"', "&apos;": "'" })[entity]!,
  );
}
