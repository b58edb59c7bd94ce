import type { OptOut } from "../../compliance/index.ts";
import { readC2pa } from "./c2pa.ts";
import { readNoAi, readPreferences } from "./content-usage.ts";
import { readPlus } from "./plus.ts";
import { readRobots } from "./robots.ts";
import { type Fields, fieldsOf, member, signal } from "./signal.ts";
import { readTdmRep } from "./tdmrep.ts";

/** Where signals may stand. */
export interface SignalSources {
  /** The sidecar's name, for evidence. */
  readonly source: string;
  readonly sidecar: Fields;
  /** XMP properties of the file, by qualified name. */
  readonly embedded?: Fields;
  /** The image's name, for evidence. */
  readonly file?: string;
  /** Names of C2PA assertions on training that stand in the file and that nobody here can read. */
  readonly unreadAssertions?: readonly string[];
}

/**
 * Collects what a sidecar and the file itself say about training. A sidecar may keep what came with the image: `headers` (HTTP),
 * `meta` (HTML), `robots_txt`, `tdmrep`, `xmp`, `c2pa`, or the bare fields of these. Nothing is fetched.
 */
export function readOptOuts({
  source,
  sidecar,
  embedded = {},
  file = source,
  unreadAssertions = [],
}: SignalSources): OptOut[] {
  const headers = fieldsOf(first(sidecar, "headers", "http_headers", "response_headers"));
  const meta = fieldsOf(first(sidecar, "meta", "html_meta"));
  const xmp = fieldsOf(first(sidecar, "xmp", "iptc"));
  const path = pathOf(first(sidecar, "url", "image_url", "media_url"));
  const robots = first(sidecar, "robots_txt", "robots.txt");
  const inFile = `${file} XMP`;
  return [
    ...readTdmRep(
      { file: first(sidecar, "tdmrep", "tdmrep.json"), headers, meta, sidecar, embedded: { ...xmp, ...embedded } },
      path,
      source,
    ),
    ...texts(member(headers, "content-usage"), first(sidecar, "content-usage", "content_usage"), (values) =>
      readPreferences("aipref", values, source, "Content-Usage"),
    ),
    ...texts(member(headers, "content-signal"), first(sidecar, "content-signal", "content_signal"), (values) =>
      readPreferences("content_signal", values, source, "Content-Signal"),
    ),
    ...texts(member(headers, "x-robots-tag"), first(sidecar, "x-robots-tag", "x_robots_tag"), (values) =>
      readNoAi(values, source, "X-Robots-Tag"),
    ),
    ...texts(member(meta, "robots"), undefined, (values) => readNoAi(values, source, "meta robots")),
    ...bareNoAi(sidecar, source),
    ...(typeof robots === "string" ? readRobots(robots, path, source) : []),
    ...["c2pa", "c2pa_manifest", "cawg", "content_credentials"].flatMap((name) =>
      readC2pa(member(sidecar, name), source, name),
    ),
    ...readC2pa(assertionsOf(sidecar), source, "assertion"),
    ...readPlus(
      member(xmp, "plus:DataMining") ?? first(sidecar, "plus:DataMining", "data_mining", "DataMining"),
      source,
      "plus:DataMining",
    ),
    ...readPlus(member(embedded, "plus:DataMining"), inFile, "plus:DataMining"),
    ...unreadAssertions.map((label) =>
      signal("c2pa", "unreadable", "the file carries this assertion, which is not read here", file, label, label),
    ),
  ];
}

function first(fields: Fields, ...names: readonly string[]): unknown {
  for (const name of names) {
    const value = member(fields, name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The texts of one or two fields, each a string or a list of strings. */
function texts(a: unknown, b: unknown, read: (values: readonly string[]) => OptOut[]): OptOut[] {
  const values = [a, b]
    .flat()
    .filter((value) => value !== undefined && value !== null)
    .map(String);
  return values.length > 0 ? read(values) : [];
}

/** A field `noai` or `no_ai`: any value but an explicit no means yes. */
function bareNoAi(sidecar: Fields, source: string): OptOut[] {
  return ["noai", "no_ai", "noimageai"].flatMap((name) => {
    const value = member(sidecar, name);
    if (
      value === undefined ||
      value === null ||
      value === false ||
      value === 0 ||
      /^(?:false|no|0|)$/i.test(String(value))
    )
      return [];
    return [signal("noai", "prohibited", `the directive ${name}`, source, name, value)];
  });
}

/** Training assertions that stand in the sidecar by their label. */
function assertionsOf(sidecar: Fields): Fields {
  return Object.fromEntries(Object.entries(sidecar).filter(([key]) => /training-mining/i.test(key)));
}

/** The path of an address, which rules of a site refer to; "/" where there is none. */
function pathOf(url: unknown): string {
  const parsed = typeof url === "string" ? URL.parse(url) : null;
  return parsed ? parsed.pathname + parsed.search : "/";
}
