import { modePhrase } from "../../protocol/classes.ts";
import type { ComplianceMode, LicenceClass } from "../../protocol/compliance.ts";
import { licenceClasses } from "../../protocol/compliance.ts";
import type { MimeBundle } from "../../protocol/mime.ts";
import type { ComplianceOutput } from "../../protocol/outputs.ts";
import { complianceItem, defaultPolicy, type Policy, verdict } from "../compliance/index.ts";
import { cellContext } from "../host.ts";
import { type Displayable, displaySymbol, type Image, picturesHtml, table, type View } from "../media/index.ts";
import type { CollectionProblem, Item } from "./item.ts";
import { problemItem } from "./problem-item.ts";

interface Contents {
  readonly name: string;
  readonly root: string;
  readonly items: readonly Item[];
  readonly problems: readonly CollectionProblem[];
  readonly previews: readonly Image[];
}

/** Images with their licences, as found: no mode has been applied yet. */
export class Collection implements Displayable {
  readonly name: string;
  /** Absolute path of the folder. */
  readonly root: string;
  readonly items: readonly Item[];
  /** Files that cannot be used, and items whose licence is not known, with reason and remedy. */
  readonly problems: readonly CollectionProblem[];
  readonly #previews: readonly Image[];

  constructor({ name, root, items, problems, previews }: Contents) {
    this.name = name;
    this.root = root;
    this.items = items;
    this.problems = problems;
    this.#previews = previews;
  }

  /** How many items each class has. */
  classes(): Record<LicenceClass, number> {
    const counts = Object.fromEntries(licenceClasses.map((name) => [name, 0])) as Record<LicenceClass, number>;
    for (const { licence } of this.items) counts[licence.licenceClass]++;
    return counts;
  }

  /** What a mode would make of each item; the notebook's mode when none is given. Builds nothing. */
  compliance(mode: ComplianceMode = cellContext().mode, policy: Policy = defaultPolicy): ComplianceOutput {
    return {
      title: `${this.name} in ${modePhrase(mode)}`,
      mode,
      policyVersion: policy.version,
      items: [
        ...this.items.map((item) =>
          complianceItem(item, mode, verdict(item, mode, policy), (other) => verdict(item, other, policy)),
        ),
        ...this.problems.filter(({ excluded }) => excluded).map((one) => problemItem(one, mode)),
      ],
    };
  }

  /** One row an item: file, licence, class, author, opt-outs. */
  table(): View {
    const rows = this.items.map(({ id, licence, about, optOuts, width, height, bytes }) => ({
      file: id,
      licence: licence.name ?? licence.id,
      class: licence.licenceClass,
      author: about.author,
      title: about.title,
      "opt-outs": optOuts
        .filter(({ decision }) => decision !== "allowed")
        .map(({ signal }) => signal)
        .join(", "),
      size: `${width}×${height}`,
      bytes,
    }));
    return table(rows, { title: `${this.name}: ${this.items.length} items` });
  }

  [displaySymbol](): MimeBundle {
    const counts = Object.entries(this.classes()).filter(([, count]) => count > 0);
    const optedOut = this.items.filter(({ optOuts }) => optOuts.some(({ decision }) => decision !== "allowed")).length;
    const overview = table(
      [
        ...counts.map(([name, count]) => ({ "licence class": name, items: count })),
        ...(optedOut > 0 ? [{ "licence class": "of these with an opt-out", items: optedOut }] : []),
      ],
      { title: `${this.name}: ${this.items.length} images` },
    );
    const groups = Map.groupBy(this.problems, ({ code, reason }) => JSON.stringify([code, reason]));
    const wrong = table(
      [...groups.values()].map((group) => ({
        files: group.length,
        reason: group[0]!.reason,
        remedy: group[0]!.remedy,
        which:
          group
            .slice(0, 3)
            .map(({ file }) => file)
            .join(", ") + (group.length > 3 ? " …" : ""),
      })),
      { title: "Problems" },
    );
    const views = [overview, ...(groups.size > 0 ? [wrong] : [])];
    const [first = "", ...others] = views.map(({ bundle }) => String(bundle["text/html"]));
    return {
      "text/html": [first, picturesHtml(this.#previews), ...others].join(""),
      "text/plain": views.map(String).join("\n\n"),
    };
  }

  toString(): string {
    return `${this.name}: ${this.items.length} images, ${this.problems.length} problems`;
  }
}
