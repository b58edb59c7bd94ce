declare module "spdx-expression-parse" {
  export type SpdxExpression =
    | { readonly license: string; readonly plus?: true; readonly exception?: string }
    | { readonly left: SpdxExpression; readonly conjunction: "and" | "or"; readonly right: SpdxExpression };
  /** Throws on what is no valid expression. */
  export default function parse(source: string): SpdxExpression;
}
