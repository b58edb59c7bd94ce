import { records } from "./0001-records.ts";
import { cellTags } from "./0002-cell-tags.ts";
import { search } from "./0003-search.ts";
import { runOrder } from "./0004-run-order.ts";
import { shown } from "./0005-shown.ts";
import { violations } from "./0006-violations.ts";

/**
 * The schema, step by step: the n-th entry (from 1) brings a database of schema n - 1 to schema n. An entry that was released is
 * never changed; a change of the schema is a new entry.
 */
export const migrations: readonly string[] = [records, cellTags, search, runOrder, shown, violations];
