/** Sessions, environments, executions with their outputs and lineage, and the domain tables. */
export const records = `
create table environments (
  sha256      text primary key,
  snapshot    text not null,
  taken_at    text not null
) strict, without rowid;

create table sessions (
  id              text primary key,
  notebook_id     text not null,
  notebook_path   text not null,
  host            text not null,
  boot            text not null,
  pid_space       text not null,
  pid             integer not null,
  process_started text not null,
  environment     text references environments,
  started_at      text not null,
  seen_at         text not null,
  ended_at        text
) strict, without rowid;

create table executions (
  id              text primary key,
  session_id      text not null references sessions,
  notebook_id     text not null,
  cell_id         text not null,
  cell_index      integer not null,
  epoch           integer not null,
  execution_count integer not null,
  source          text not null,
  parameters      text not null,
  seed            integer not null,
  mode            text not null,
  policy_version  text not null,
  environment     text references environments,
  started_at      text not null,
  ended_at        text,
  duration        real,
  peak_memory     integer,
  status          text check (status in ('ok', 'error', 'interrupted', 'crashed', 'aborted')),
  detail          text,
  names           text,
  upstream        text,
  output_hashes   text,
  content_id      text
) strict, without rowid;
create index executions_by_session on executions (session_id, epoch, execution_count);
create index executions_by_notebook on executions (notebook_id, id);
create index executions_by_content on executions (content_id);

create table parents (
  execution_id text not null references executions,
  position     integer not null,
  parent_id    text not null references executions,
  primary key (execution_id, position)
) strict, without rowid;
create index parents_by_parent on parents (parent_id);

create table outputs (
  execution_id text not null references executions,
  late         integer not null,
  position     integer not null,
  type         text not null,
  name         text,
  sha256       text not null,
  bytes        integer not null,
  body         text,
  artifact     text,
  at           text not null,
  primary key (execution_id, late, position)
) strict;

create table participants (
  execution_id  text not null references executions,
  position      integer not null,
  late          integer not null,
  direction     text not null check (direction in ('used', 'produced')),
  role          text not null,
  name          text not null,
  sha256        text not null,
  bytes         integer not null,
  mime          text,
  licence_class text,
  facts         text,
  primary key (execution_id, position)
) strict, without rowid;
create index participants_by_content on participants (sha256);

create table derivations (
  result       text not null,
  source       text not null,
  execution_id text not null references executions,
  primary key (result, source, execution_id)
) strict, without rowid;
create index derivations_by_source on derivations (source);

create table items (
  id            text primary key,
  sha256        text not null,
  name          text not null,
  licence_class text not null,
  licence       text,
  detail        text not null
) strict, without rowid;
create index items_by_content on items (sha256);

create table execution_items (
  execution_id text not null references executions,
  item_id      text not null references items,
  primary key (execution_id, item_id)
) strict, without rowid;

create table datasets (
  execution_id   text not null references executions,
  sha256         text not null,
  name           text not null,
  mode           text not null,
  policy_version text not null,
  size           integer not null,
  excluded       integer not null,
  licence_class  text not null,
  primary key (execution_id, sha256)
) strict, without rowid;
create index datasets_by_content on datasets (sha256);

create table dataset_items (
  dataset  text not null,
  position integer not null,
  item     text not null,
  primary key (dataset, position)
) strict, without rowid;
create index dataset_items_by_item on dataset_items (item);

create table trainings (
  execution_id  text not null references executions,
  position      integer not null,
  name          text not null,
  base          text not null,
  dataset       text not null,
  steps         integer not null,
  result        text not null,
  losses        text not null,
  licence_class text not null,
  facts         text not null,
  primary key (execution_id, position)
) strict, without rowid;
create index trainings_by_result on trainings (result);

create table metrics (
  execution_id text not null references executions,
  position     integer not null,
  name         text not null,
  value        real,
  facts        text not null,
  primary key (execution_id, position)
) strict, without rowid;
create index metrics_by_name on metrics (name, value);

create table params (
  execution_id text not null references executions,
  name         text not null,
  value        text not null,
  primary key (execution_id, name)
) strict, without rowid;

create table responses (
  execution_id text not null references executions,
  request      text not null,
  occurrence   integer not null,
  status       integer not null,
  sha256       text not null,
  bytes        integer not null,
  mime         text not null,
  primary key (execution_id, request, occurrence)
) strict, without rowid;

create table verdicts (
  id           integer primary key,
  execution_id text not null references executions,
  at           text not null,
  verdict      text not null
) strict;
create index verdicts_by_execution on verdicts (execution_id);
`;
