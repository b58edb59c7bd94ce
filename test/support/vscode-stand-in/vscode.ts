/*
 * The little of VS Code's interface that the extension's plain logic touches, for tests without a workbench. Only value classes and constants; what
 * depends on a window is tested in the real one.
 */

export class NotebookCellOutputItem {
  readonly data: Uint8Array;
  readonly mime: string;

  constructor(data: Uint8Array, mime: string) {
    this.data = data;
    this.mime = mime;
  }

  static text(value: string, mime = "text/plain"): NotebookCellOutputItem {
    return new NotebookCellOutputItem(new TextEncoder().encode(value), mime);
  }

  static json(value: unknown, mime = "text/x-json"): NotebookCellOutputItem {
    return NotebookCellOutputItem.text(JSON.stringify(value), mime);
  }

  static stdout(value: string): NotebookCellOutputItem {
    return NotebookCellOutputItem.text(value, "application/vnd.code.notebook.stdout");
  }

  static stderr(value: string): NotebookCellOutputItem {
    return NotebookCellOutputItem.text(value, "application/vnd.code.notebook.stderr");
  }

  static error(value: { name: string; message: string; stack?: string }): NotebookCellOutputItem {
    return NotebookCellOutputItem.json(value, "application/vnd.code.notebook.error");
  }
}

export class NotebookCellOutput {
  items: NotebookCellOutputItem[];
  metadata: Readonly<Record<string, unknown>> | undefined;

  constructor(items: NotebookCellOutputItem[], metadata?: Readonly<Record<string, unknown>>) {
    this.items = items;
    this.metadata = metadata;
  }
}

export class ThemeColor {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

export class ThemeIcon {
  readonly id: string;
  readonly color: ThemeColor | undefined;

  constructor(id: string, color?: ThemeColor) {
    this.id = id;
    this.color = color;
  }
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 } as const;

export class TreeItem {
  readonly label: string;
  readonly collapsibleState: number;

  constructor(label: string, collapsibleState: number = TreeItemCollapsibleState.None) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

/** Keeps what is put in as it is: no text is escaped. */
export class MarkdownString {
  value = "";
  readonly supportThemeIcons: boolean;

  constructor(_value?: string, supportThemeIcons = false) {
    this.supportThemeIcons = supportThemeIcons;
  }

  appendText(text: string): this {
    this.value += text;
    return this;
  }

  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }

  appendCodeblock(text: string): this {
    return this.appendText(`${text}\n`);
  }
}
