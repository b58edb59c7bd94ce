import type { CellSource } from "../protocol/cell-source.ts";
import { kernelProblem } from "../session/problems.ts";

/** The cell that `--only` means: its id, its number among the code cells, or a tag that it alone has. Throws `option.only`. */
export function onlyCell(cells: readonly CellSource[], asked: string): CellSource {
  const byId = cells.find(({ id }) => id === asked);
  if (byId) return byId;
  const number = Number(asked.replace(/^#/, ""));
  if (Number.isInteger(number)) {
    const byNumber = cells.find(({ index }) => index === number);
    if (byNumber) return byNumber;
    throw kernelProblem.noCell(
      asked,
      "there is no such cell",
      `The notebook has ${cells.length} code ${cells.length === 1 ? "cell" : "cells"}, counted from 1`,
    );
  }
  const tagged = cells.filter(({ tags }) => tags?.includes(asked));
  if (tagged.length === 1 && tagged[0]) return tagged[0];
  if (tagged.length > 1) {
    const numbers = tagged.map(({ index }) => index).join(", ");
    throw kernelProblem.noCell(asked, `the cells ${numbers} have this tag`, "Name one of them by its number");
  }
  const tags = [...new Set(cells.flatMap((cell) => cell.tags ?? []))];
  throw kernelProblem.noCell(
    asked,
    "no cell has this id or tag",
    tags.length === 0 ? "Name the cell by its number" : `Name the cell by its number, or by a tag: ${tags.join(", ")}`,
  );
}
