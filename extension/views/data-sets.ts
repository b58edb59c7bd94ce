import * as vscode from "vscode";
import { type LicenceClass, licenceClassNames, modeNames } from "../../kernel/protocol/classes.ts";
import type { DatasetItem, DatasetSummary } from "../../kernel/protocol/record-methods.ts";
import type { Services } from "../kernel/services.ts";
import type { Sessions } from "../notebook/sessions.ts";
import { licenceClassColours } from "./licence-colours.ts";
import { storePlace } from "./store-place.ts";
import { TreeChanges } from "./tree-changes.ts";

/** Items that are asked for at a time. */
const page = 200;

/** A data set, a licence class in it, an item, or the rest of a class that was not asked for. */
export type DatasetNode =
  | { readonly kind: "dataset"; readonly dataset: DatasetSummary }
  | ClassNode
  | { readonly kind: "item"; readonly item: DatasetItem }
  | { readonly kind: "rest"; readonly of: ClassNode; readonly items: number };

interface ClassNode {
  readonly kind: "class";
  readonly dataset: DatasetSummary;
  readonly licenceClass: LicenceClass;
  readonly items: number;
}

/** The data sets that the store knows, with their items by licence class. */
export class DataSets implements vscode.TreeDataProvider<DatasetNode>, vscode.Disposable {
  readonly #services: Services;
  readonly #changes = new TreeChanges();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #subscription: vscode.Disposable;
  /** How many items of a class are shown, where it is more than a page. */
  readonly #shown = new Map<string, number>();

  constructor(services: Services, sessions: Sessions) {
    this.#services = services;
    this.#subscription = sessions.onDidChange(() => this.#changes.afterRest(800, () => this.refresh()));
  }

  refresh(): void {
    this.#changes.fire();
  }

  /** Shows the next items of a class. */
  loadMore(node: DatasetNode): void {
    if (node.kind !== "rest") return;
    const key = keyOf(node.of);
    this.#shown.set(key, (this.#shown.get(key) ?? page) + 5 * page);
    this.refresh();
  }

  async getChildren(node?: DatasetNode): Promise<DatasetNode[]> {
    const place = storePlace();
    if (!place) return [];
    if (!node) {
      const datasets = await this.#services.records("datasets", place).catch(() => []);
      return datasets.map((dataset) => ({ kind: "dataset", dataset }));
    }
    if (node.kind === "dataset") {
      return node.dataset.classes.map((one) => ({ kind: "class", dataset: node.dataset, ...one }));
    }
    if (node.kind !== "class") return [];
    const { dataset, licenceClass } = node;
    const limit = this.#shown.get(keyOf(node)) ?? page;
    const found = await this.#services
      .records("datasetItems", { ...place, dataset: dataset.sha256, licenceClass, offset: 0, limit })
      .catch(() => []);
    const nodes: DatasetNode[] = found.map((item) => ({ kind: "item", item }));
    return node.items > found.length ? [...nodes, { kind: "rest", of: node, items: node.items - found.length }] : nodes;
  }

  getTreeItem(node: DatasetNode): vscode.TreeItem {
    switch (node.kind) {
      case "dataset":
        return datasetItem(node.dataset);
      case "class": {
        const item = new vscode.TreeItem(
          licenceClassNames[node.licenceClass],
          vscode.TreeItemCollapsibleState.Collapsed,
        );
        item.id = keyOf(node);
        item.description = node.items === 1 ? "1 item" : `${node.items.toLocaleString("en")} items`;
        item.iconPath = new vscode.ThemeIcon(
          "circle-filled",
          new vscode.ThemeColor(licenceClassColours[node.licenceClass]),
        );
        return item;
      }
      case "item":
        return itemItem(node.item);
      case "rest": {
        const item = new vscode.TreeItem(`${node.items.toLocaleString("en")} more…`);
        item.iconPath = new vscode.ThemeIcon("ellipsis");
        item.command = { command: "assay.loadMoreItems", title: "Load More Items", arguments: [node] };
        return item;
      }
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changes.dispose();
  }
}

function keyOf({ dataset, licenceClass }: ClassNode): string {
  return `${dataset.sha256} ${licenceClass}`;
}

function datasetItem(dataset: DatasetSummary): vscode.TreeItem {
  const item = new vscode.TreeItem(dataset.name, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = dataset.sha256;
  item.description = `${dataset.size} items · ${modeNames[dataset.mode]}`;
  item.iconPath = new vscode.ThemeIcon("database", new vscode.ThemeColor(licenceClassColours[dataset.licenceClass]));
  item.tooltip = [
    `${dataset.size} items, ${dataset.excluded} excluded`,
    `Mode: ${modeNames[dataset.mode]}, policy ${dataset.policyVersion}`,
    `Licence class: ${licenceClassNames[dataset.licenceClass]}`,
    `SHA-256 ${dataset.sha256}`,
  ].join("\n");
  item.contextValue = "assayDataset";
  return item;
}

function itemItem({ name, licence, licenceClass, detail, sha256 }: DatasetItem): vscode.TreeItem {
  const title = typeof detail.title === "string" && detail.title !== "" ? detail.title : name;
  const item = new vscode.TreeItem(title);
  item.description = licence ?? "no licence";
  item.iconPath = new vscode.ThemeIcon("file-media", new vscode.ThemeColor(licenceClassColours[licenceClass]));
  const author = typeof detail.author === "string" ? `by ${detail.author}` : undefined;
  item.tooltip = [name, author, licence, `SHA-256 ${sha256}`].filter(Boolean).join("\n");
  return item;
}
