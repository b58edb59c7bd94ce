/* What the language service of a notebook is asked and what it answers. Plain data: it crosses threads and JSON-RPC. */

/** The text of a code cell, as the editor shows it. The order of the cells is the order of the notebook. */
export interface LanguageCell {
  readonly id: string;
  readonly source: string;
}

/** A place in a text. Counts start at 0, in UTF-16 units, as in LSP and VS Code. */
export interface TextPosition {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** A stretch of text; `end` is the first place that does not belong to it. */
export interface TextRange {
  readonly start: TextPosition;
  readonly end: TextPosition;
}

/** What a name stands for, for icons and sorting. */
export type SymbolKind =
  | "class"
  | "constant"
  | "enum"
  | "enum-member"
  | "field"
  | "file"
  | "folder"
  | "function"
  | "interface"
  | "keyword"
  | "method"
  | "module"
  | "property"
  | "text"
  | "type"
  | "type-parameter"
  | "variable";

export interface Completion {
  readonly name: string;
  readonly kind: SymbolKind;
  /** Orders the list; equal keys are ordered by name. */
  readonly sortText: string;
  /** What to insert when it differs from `name`. */
  readonly insertText?: string;
  /** What to replace when it is not the word before the cursor. */
  readonly replace?: TextRange;
  /** Signature or origin, short, for the same line. */
  readonly detail?: string;
  readonly deprecated?: boolean;
}

export interface Completions {
  readonly items: readonly Completion[];
  /** True after a dot: the items are members of what stands before it. */
  readonly members: boolean;
}

export interface CompletionDetails {
  /** The declaration, in TypeScript. */
  readonly declaration: string;
  /** Markdown. */
  readonly documentation: string;
}

export interface Hover {
  readonly range: TextRange;
  /** The declaration, in TypeScript. */
  readonly declaration: string;
  /** Markdown. */
  readonly documentation: string;
}

export interface ParameterHelp {
  readonly label: string;
  /** Markdown. */
  readonly documentation: string;
}

export interface Signature {
  readonly label: string;
  /** Markdown. */
  readonly documentation: string;
  readonly parameters: readonly ParameterHelp[];
}

export interface SignatureHelp {
  readonly signatures: readonly Signature[];
  readonly activeSignature: number;
  readonly activeParameter: number;
}

/** A place in a cell, or in a file on disk (declaration files included). */
export type Location =
  | { readonly cellId: string; readonly range: TextRange }
  | { readonly file: string; readonly range: TextRange };

export type DiagnosticSeverity = "error" | "warning" | "information" | "hint";

export interface CellDiagnostic {
  readonly severity: DiagnosticSeverity;
  /** TypeScript's number: 2304 is TS2304. */
  readonly code: number;
  readonly message: string;
  readonly range: TextRange;
  /** True when the cell cannot be parsed, so that it would not run. */
  readonly syntax: boolean;
  readonly deprecated?: boolean;
}

/** The language service of one notebook. Every answer is about the cells of the last `updateCells`. */
export interface LanguageService {
  /** All code cells, in notebook order. Cheap for cells whose text did not change. */
  updateCells(cells: readonly LanguageCell[]): Promise<void>;
  /** What may be written at `offset`. Nothing for an unknown cell. */
  completions(cellId: string, offset: number): Promise<Completions>;
  completionDetails(cellId: string, offset: number, name: string): Promise<CompletionDetails | null>;
  hover(cellId: string, offset: number): Promise<Hover | null>;
  signatureHelp(cellId: string, offset: number): Promise<SignatureHelp | null>;
  /** Where the name at `offset` is declared. */
  definition(cellId: string, offset: number): Promise<readonly Location[]>;
  /** Every use of the name at `offset`, its declarations included. */
  references(cellId: string, offset: number): Promise<readonly Location[]>;
  diagnostics(cellId: string): Promise<readonly CellDiagnostic[]>;
  dispose(): Promise<void>;
}

/** JSON-RPC methods `language/<name>`: parameters and result of each. */
export interface LanguageMethods {
  readonly updateCells: { readonly params: { readonly cells: readonly LanguageCell[] }; readonly result: null };
  readonly completions: { readonly params: CellPlace; readonly result: Completions };
  readonly completionDetails: {
    readonly params: CellPlace & { readonly name: string };
    readonly result: CompletionDetails | null;
  };
  readonly hover: { readonly params: CellPlace; readonly result: Hover | null };
  readonly signatureHelp: { readonly params: CellPlace; readonly result: SignatureHelp | null };
  readonly definition: { readonly params: CellPlace; readonly result: readonly Location[] };
  readonly references: { readonly params: CellPlace; readonly result: readonly Location[] };
  readonly diagnostics: { readonly params: { readonly cellId: string }; readonly result: readonly CellDiagnostic[] };
}

export interface CellPlace {
  readonly cellId: string;
  /** Place of the cursor in the cell's text, in UTF-16 units. */
  readonly offset: number;
}
