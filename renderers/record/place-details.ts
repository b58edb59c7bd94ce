import type { Breach, LineageMember, LineageNode } from "../../kernel/protocol/lineage.ts";
import {
  copyButton,
  formatBytes,
  formatCount,
  formatItems,
  formatTime,
  h,
  icon,
  licenceChip,
  modeChip,
  type Surroundings,
} from "../mount.ts";
import { fileName, roleNames } from "./lineage.ts";

/** Members of a place that are listed at a time. */
const page = 50;
/** Facts that stand elsewhere on the card. */
const elsewhere = new Set(["mode", "licence", "licenceUrl", "source", "title"]);

/** Everything that the record says of a place in the graph, with names and hashes in full. */
export function placeDetails(
  place: LineageNode,
  breaches: readonly Breach[],
  openRecord: Surroundings["openRecord"],
): HTMLElement[] {
  const { role, name, licenceClass, bytes, madeBy, facts, members, count } = place;
  const kind = count === 1 ? roleNames[role][0] : formatItems(count, ...roleNames[role]);
  const head = h(
    "div",
    { class: "place-head" },
    h("span", { class: "kind" }, bytes === undefined ? kind : `${kind} · ${formatBytes(bytes)}`),
    count === 1 && h("span", { class: "full-name" }, name),
    licenceClass && licenceChip(licenceClass),
    madeBy && modeChip(madeBy.mode),
  );
  const told = Object.entries(facts).filter(([fact]) => !elsewhere.has(fact));
  return [
    head,
    ...breaches.map(breachLine),
    ...(madeBy ? [originLine(madeBy, openRecord)] : []),
    ...(told.length > 0 ? [factList(told)] : []),
    ...(members.length > 0 ? memberList(members, count, count > 1 || role === "item") : []),
  ];
}

function breachLine({ refused, of, reasons }: Breach): HTMLElement {
  return h(
    "div",
    { class: "breach" },
    icon("warning"),
    h(
      "div",
      {},
      h(
        "strong",
        {},
        of === 1 ? "Not admitted by the mode" : `${formatCount(refused)} of ${formatItems(of, "item")} not admitted`,
      ),
      h(
        "ul",
        {},
        reasons
          .slice(0, 5)
          .map(({ reason, items, examples }) =>
            h("li", {}, of === 1 ? reason : `${formatItems(items, "item")}, ${reason}: ${listed(examples, items)}`),
          ),
      ),
    ),
  );
}

function listed(examples: readonly string[], all: number): string {
  return all > examples.length ? `${examples.join(", ")} …` : examples.join(", ");
}

function originLine(
  { executionId, notebookPath, cellIndex, startedAt }: NonNullable<LineageNode["madeBy"]>,
  openRecord: Surroundings["openRecord"],
): HTMLElement {
  const where = `made in cell ${cellIndex} of ${fileName(notebookPath)}, ${formatTime(startedAt)}`;
  return h(
    "div",
    { class: "origin" },
    h("span", { title: notebookPath }, where),
    openRecord &&
      h("button", { class: "button", type: "button", onclick: () => openRecord(executionId) }, "Open record"),
    copyButton("Copy id", () => executionId),
  );
}

function factList(facts: readonly (readonly [string, string])[]): HTMLElement {
  return h(
    "dl",
    { class: "place-facts" },
    facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))),
  );
}

function memberList(members: readonly LineageMember[], count: number, named: boolean): HTMLElement[] {
  const list = h("ul", { class: "members" });
  const more = h("button", { class: "button", type: "button", onclick: () => grow() });
  let drawn = 0;
  const grow = () => {
    const next = members.slice(drawn, drawn + page);
    drawn += next.length;
    list.append(...next.map((member) => memberLine(member, named)));
    more.hidden = drawn >= members.length;
    more.textContent = `Show more of ${formatCount(members.length)}`;
  };
  grow();
  const rest = count - members.length;
  const left = rest > 0 && h("p", { class: "sub" }, `and ${formatCount(rest)} more`);
  return [list, more, ...(left ? [left] : [])];
}

function memberLine(member: LineageMember, named: boolean): HTMLElement {
  const { name, sha256, licenceClass, licence, licenceUrl, title, author, source } = member;
  const about = [
    title && title !== name && h("span", {}, `“${title}”`),
    author && h("span", {}, `by ${author}`),
    licence && link(licence, licenceUrl),
    source && link(source, source),
  ].filter((part) => part instanceof HTMLElement);
  return h(
    "li",
    {},
    named && h("span", { class: "full-name" }, name),
    named && licenceClass && licenceChip(licenceClass),
    about.length > 0 && h("span", { class: "about" }, about),
    sha256 && h("code", {}, sha256),
  );
}

/** A link where the address is one of the web, else the words. */
function link(words: string, address: string | undefined): HTMLElement {
  if (!address || !/^https?:\/\//i.test(address)) return h("span", {}, words);
  return h("a", { href: address, rel: "noreferrer", title: address }, words);
}
