/** Bytes before the text of a frame on the output pipe of a cell process: a mark, then the length as 32 bits, little-endian. */
export const frameHead = 8;

/** The mark: what else is written into the pipe does not look like a frame. */
export const frameMark = 0x01ff_41a5;
