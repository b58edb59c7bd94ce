import type { SymbolKind } from "../protocol/language.ts";
import type { NameKind } from "./cell-names.ts";
import { ts } from "./compiler.ts";

const K = ts.ScriptElementKind;

const kinds: Readonly<Record<string, SymbolKind>> = {
  [K.classElement]: "class",
  [K.localClassElement]: "class",
  [K.constElement]: "constant",
  [K.enumElement]: "enum",
  [K.enumMemberElement]: "enum-member",
  [K.memberVariableElement]: "field",
  [K.memberGetAccessorElement]: "property",
  [K.memberSetAccessorElement]: "property",
  [K.memberAccessorVariableElement]: "property",
  [K.scriptElement]: "file",
  [K.directory]: "folder",
  [K.functionElement]: "function",
  [K.localFunctionElement]: "function",
  [K.memberFunctionElement]: "method",
  [K.constructSignatureElement]: "method",
  [K.callSignatureElement]: "method",
  [K.interfaceElement]: "interface",
  [K.keyword]: "keyword",
  [K.primitiveType]: "keyword",
  [K.moduleElement]: "module",
  [K.externalModuleName]: "module",
  [K.string]: "text",
  [K.typeElement]: "type",
  [K.typeParameterElement]: "type-parameter",
};

const declaredKinds: Readonly<Record<NameKind, SymbolKind>> = {
  const: "constant",
  let: "variable",
  var: "variable",
  function: "function",
  class: "class",
  enum: "enum",
  namespace: "module",
  import: "variable",
  interface: "interface",
  type: "type",
};

/** Kind of a completion; for a name of another cell, what that cell declares it as. */
export function symbolKind(kind: string, declared: NameKind | undefined): SymbolKind {
  return (kind === K.alias && declared && declaredKinds[declared]) || kinds[kind] || "variable";
}
