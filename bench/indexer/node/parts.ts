/** An answer in pieces, sent one after the other: large ones are never copied together. */
export type Parts = (string | Buffer)[]
