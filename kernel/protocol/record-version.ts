/** Raised whenever the reproducible part of a record changes its meaning. Apart from the schemas, so that a session starts without them. */
export const recordVersion = 1;
