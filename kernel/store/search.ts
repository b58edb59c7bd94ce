import type { Statement } from "better-sqlite3";
import type { RecordDatabase } from "./database.ts";

/** Words that a query may have; what comes after is left out. */
const mostWords = 8;
/** Characters of an excerpt. */
const excerptLength = 160;

/** Makes the function that brings the search up to date with the rows of an execution. Call it inside a transaction. */
export function searchWriter(database: RecordDatabase): (executionId: string) => void {
  // Prepared at first use: that takes longer than opening the database.
  let statements: readonly Statement<[string]>[] | undefined;
  return (executionId) => {
    statements ??= [
      database.prepare("insert or ignore into searchable (execution_id) values (?)"),
      database.prepare(
        `insert or replace into search (rowid, text)
           select id, text from searchable_text where id = (select id from searchable where execution_id = ?)`,
      ),
    ];
    for (const statement of statements) statement.run(executionId);
  };
}

/** A person's words as conditions on executions `e` with their sessions `s`, and the values these name. */
export interface TextCondition {
  /** An expression for the full-text index; undefined when no word is long enough for it. */
  readonly match: string | undefined;
  readonly conditions: readonly string[];
  readonly values: Readonly<Record<string, string>>;
}

/**
 * Words that must all occur. Words of three characters and more go to the index; shorter ones are looked for in the text that the index leaves.
 * A word that may be an id also finds the execution of that id.
 */
export function textCondition(text: string): TextCondition {
  const words = text.split(/\s+/).filter(Boolean).slice(0, mostWords);
  const values: Record<string, string> = {};
  const conditions: string[] = [];
  const indexed: string[] = [];
  for (const [at, word] of words.entries()) {
    const name = `word${at}`;
    if (/^[0-9a-f-]{6,64}$/i.test(word)) {
      values[name] = word.toLowerCase();
      values[`${name}Match`] = quoted(word);
      conditions.push(`(e.id like @${name} || '%' or e.id like '%' || @${name} or e.content_id like @${name} || '%'
        or e.id in (select x.execution_id from search join searchable x on x.id = search.rowid where search match @${name}Match))`);
    } else if ([...word].length >= 3) indexed.push(quoted(word));
    else {
      values[name] = word;
      conditions.push(
        `exists (select 1 from searchable_text t join searchable y on y.id = t.id
           where y.execution_id = e.id and instr(lower(t.text), lower(@${name})) > 0)`,
      );
    }
  }
  return { match: indexed.length === 0 ? undefined : indexed.join(" AND "), conditions, values };
}

/** Makes the function that gives the line of an execution's text in which one of a person's words was found. */
export function excerptFinder(database: RecordDatabase, text: string): (executionId: string) => string | undefined {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, mostWords);
  const read = database
    .prepare<[string], string>(
      "select text from searchable_text where id = (select id from searchable where execution_id = ?)",
    )
    .pluck();
  return (executionId) => {
    const lines = (read.get(executionId) ?? "").split("\n");
    const score = (line: string) => words.filter((word) => line.toLowerCase().includes(word)).length;
    const best = lines.reduce((found, line) => (score(line) > score(found) ? line : found), "");
    if (best === "") return undefined;
    const at = Math.max(0, best.toLowerCase().indexOf(words.find((word) => best.toLowerCase().includes(word))!) - 60);
    return `${at > 0 ? "…" : ""}${best.slice(at, at + excerptLength).trim()}`;
  };
}

/** A word as the index takes it: a string, in which nothing is an operator. */
function quoted(word: string): string {
  return `"${word.replaceAll('"', '""')}"`;
}
