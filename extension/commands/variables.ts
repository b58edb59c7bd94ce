import * as vscode from "vscode";
import type { VariableNode, Variables } from "../views/variables.ts";

/** The commands on variables, by id. */
export function variableCommands(variables: Variables): Readonly<Record<string, (node?: VariableNode) => unknown>> {
  return {
    "assay.refreshVariables": () => variables.refresh(),
    "assay.showMoreMembers": (node) => node && variables.showMore(node),
    "assay.revealVariableCell": (node) => variables.revealWriter(node),
    "assay.copyVariableExpression": async (node) => {
      if (node && "expression" in node && node.expression !== undefined)
        await vscode.env.clipboard.writeText(node.expression);
    },
    "assay.copyVariableValue": async (node) => {
      if (node?.kind === "variable") await vscode.env.clipboard.writeText(node.variable.preview);
      else if (node?.kind === "member") await vscode.env.clipboard.writeText(node.member.preview);
    },
  };
}
