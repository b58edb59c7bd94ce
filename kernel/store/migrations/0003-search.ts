/**
 * Full-text search over what people remember of an execution. The index holds no text of its own: `searchable_text` gives it from the rows of the
 * record. It is kept by pieces of three characters, so that a part of a name (`lora` in `trainLora`) and text without spaces are found.
 */
export const search = `
create table searchable (
  id           integer primary key,
  execution_id text not null unique references executions
) strict;

create virtual table search using fts5(text, content = '', contentless_delete = 1, tokenize = 'trigram');

create view searchable_text (id, text) as
select x.id, concat_ws(char(10), e.source, s.notebook_path,
  (select group_concat(p.name || char(10) || coalesce((select group_concat(j.atom, char(10)) from json_tree(p.facts) j), ''), char(10))
     from participants p where p.execution_id = e.id),
  (select group_concat(n.name || ' ' || n.value, char(10)) from params n where n.execution_id = e.id),
  (select group_concat(m.name, char(10)) from metrics m where m.execution_id = e.id),
  (select group_concat(d.name, char(10)) from datasets d where d.execution_id = e.id),
  (select group_concat(t.name || ' ' || t.base, char(10)) from trainings t where t.execution_id = e.id),
  (select group_concat(o.name || ' ' || coalesce(o.body ->> '$.evalue', ''), char(10))
     from outputs o where o.execution_id = e.id and o.type = 'error'),
  (select group_concat(j.atom, char(10)) from outputs o, json_tree(o.body, '$.data') j
     where o.execution_id = e.id and o.name like '%vnd.assay.images%' and o.body is not null
       and j.key in ('title', 'prompt', 'negativePrompt', 'model')))
from searchable x join executions e on e.id = x.execution_id join sessions s on s.id = e.session_id;

insert into searchable (execution_id) select id from executions order by id;
insert into search (rowid, text) select id, text from searchable_text;

drop index executions_by_notebook;
create index executions_listed on executions (notebook_id, id, status, mode);
create index executions_by_status on executions (status, id);
create index executions_by_mode on executions (mode, id);
`;
