/** How an execution stands to the order of the notebook: JSON of `RunOrder`. */
export const runOrder = `
alter table executions add column run_order text;
`;
