/** A cell tagged `parameters` behaves differently, so a replay must know the tags. */
export const cellTags = `
alter table executions add column tags text not null default '[]';
`;
