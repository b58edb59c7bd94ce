/**
 * What an execution showed, how it broke its compliance mode (JSON of `Violation`), and the ways from content to those who made it, and from an
 * item to those who collected it; and the items of data sets by standing, counted once when the data set is built.
 */
export const shown = `
create table shown (
  execution_id text not null references executions,
  sha256       text not null,
  primary key (execution_id, sha256)
) strict, without rowid;

create table item_groups (
  dataset       text not null,
  position      integer not null,
  licence_class text not null,
  licence       text,
  opt_outs      text not null,
  items         integer not null,
  examples      text not null,
  primary key (dataset, position)
) strict, without rowid;

alter table executions add column violation text;

drop index participants_by_content;
create index participants_by_content on participants (sha256, direction);

create index execution_items_by_item on execution_items (item_id, execution_id);
`;
