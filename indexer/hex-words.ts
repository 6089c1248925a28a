/**
 * Lower-case hex digits four at a time: a DataView reads four characters as one number, little-endian, and all four are checked and turned
 * into their values by arithmetic on it. A loop over single characters takes three times as long.
 */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Four characters `0`. */
export const ZEROS = 0x30303030

/** 0 when all four characters are lower-case hex digits. */
export function flawOf(four: number): number {
  // Bit 6 tells letters. Moved down to follow '9', they end at 0x3f, and nothing else may be at 0x3a or above.
  const letters = (four >> 6) & 0x01010101
  const moved = four - letters * 0x27
  return ((moved & 0xf0f0f0f0) ^ 0x30303030) | ((((moved + 0x06060606) >> 6) & 0x01010101) ^ letters)
}

/** The values of four digits, which must be good, one in each byte, the first digit in the lowest. */
export function valuesOf(four: number): number {
  return (four & 0x0f0f0f0f) + ((four >> 6) & 0x01010101) * 9
}

/** The number that four digits make, which must be good. */
export function numberOf(four: number): number {
  const values = valuesOf(four)
  return ((values & 15) << 12) | (values & 0xf00) | ((values >> 12) & 0xf0) | (values >>> 24)
}

/** Whether so many characters, a multiple of four, are lower-case hex digits. */
export function isHex(view: DataView, at: number, length: number): boolean {
  let flaw = 0
  for (let end = at + length; at < end; at += 4) flaw |= flawOf(view.getInt32(at, true))
  return flaw === 0
}

/** Whether two places hold the same characters, a multiple of four. */
export function isSame(view: DataView, a: number, b: number, length: number): boolean {
  for (let index = 0; index < length; index += 4) if (view.getInt32(a + index, true) !== view.getInt32(b + index, true)) return false
  return true
}

/** Characters to look for, four at a time. */
export interface Literal {
  readonly length: number
  readonly fours: Int32Array
  /** The last four, which overlap the ones before where the length is no multiple of four. */
  readonly last: number
}

/** At least four characters. */
export function literalOf(text: string): Literal {
  const view = viewOf(Buffer.from(text))
  const fours = Int32Array.from({ length: Math.floor(text.length / 4) }, (_, at) => view.getInt32(at * 4, true))
  return { length: text.length, fours, last: view.getInt32(text.length - 4, true) }
}

/** Whether a literal is at a place, which may be behind the end. */
export function isAt(view: DataView, at: number, { length, fours, last }: Literal): boolean {
  if (at + length > view.byteLength || view.getInt32(at + length - 4, true) !== last) return false
  for (let index = 0; index < fours.length; index++) if (view.getInt32(at + index * 4, true) !== fours[index]) return false
  return true
}
