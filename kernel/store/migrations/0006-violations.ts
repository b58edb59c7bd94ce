/** The executions that broke their compliance mode are few, and are asked for among many. */
export const violations = `
create index executions_in_violation on executions (notebook_id, id, status, mode) where violation is not null;
`;
