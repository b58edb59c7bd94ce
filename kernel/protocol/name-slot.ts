/**
 * The file descriptor of a cell process that its session has open too. What names the running cell uses stands there as one line of JSON
 * (`NamesOfCell`), over those of the cell before: a session that is woken for each would take the processor from the cell.
 */
export const nameSlot = 5;
