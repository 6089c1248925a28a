import { flawOf, numberOf, viewOf, ZEROS } from './hex-words.ts'

/**
 * Rows for Postgres' binary COPY, written straight into bytes: no row objects, no text in between.
 * Format: https://www.postgresql.org/docs/current/sql-copy.html (Binary Format); every field is a length and its bytes, big-endian.
 */
export interface CopyBuffer {
  readonly rows: number
  /** Where the next byte goes; {@link CopyBuffer.cutBack} returns to it. */
  readonly position: number
  /** Begins a row of so many fields. */
  row(fields: number): void
  int4(value: number): void
  /** A safe integer. */
  int8(value: number): void
  /** Unix seconds as a timestamptz. */
  time(unixSeconds: number): void
  boolean(value: boolean): void
  text(value: string): void
  numeric(value: bigint): void
  /** A safe integer that isn't negative, as a numeric. */
  safeNumeric(value: number): void
  null(): void
  /** `0x` and so many lower-case hex digits of `source`, a multiple of four; false when one isn't. */
  hexText(source: DataView, at: number, digits: number): boolean
  /** A word of 64 hex digits as a numeric; false when one isn't a digit. */
  numericWord(source: DataView, at: number): boolean
  /** Forgets what was written since. */
  cutBack(position: number, rows: number): void
  /** What was written, with header and trailer; the buffer begins anew. The bytes are good until the next but one call: two take turns. */
  take(): Buffer
}

const HEADER = Buffer.from('5047434f50590aff0d0a00' + '00000000' + '00000000', 'hex')
const TRAILER = Buffer.from('ffff', 'hex')
/** More than the longest row with fields of fixed length. */
const ROOM = 1_024
/** 1970 to 2000 in seconds: Postgres counts from there. */
const EPOCH_SECONDS = 946_684_800
/** `0x` as a number of 16 bits. */
const ZERO_X = 0x3078

export function createCopyBuffer(bytes = 64 * 1024): CopyBuffer {
  let buffer = Buffer.allocUnsafe(Math.max(bytes, ROOM))
  let view = viewOf(buffer)
  let at = HEADER.copy(buffer)
  let rows = 0
  let spare: Buffer<ArrayBuffer> | undefined
  /** Decimal digits of a numeric in groups of four, lowest first. */
  const groups = new Int32Array(32)
  /** Parts of 16 bits of a word, highest first. */
  const parts = new Int32Array(16)

  const makeRoom = (needed: number) => {
    if (at + needed <= buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + needed))
    buffer.copy(larger, 0, 0, at)
    buffer = larger
    view = viewOf(buffer)
  }
  const int16 = (value: number) => {
    view.setInt16(at, value)
    at += 2
  }
  const int32 = (value: number) => {
    buffer[at++] = value >> 24
    buffer[at++] = value >> 16
    view.setInt16(at, value)
    at += 2
  }
  const int64 = (value: number) => {
    int32(Math.floor(value / 4_294_967_296))
    int32(value | 0)
  }
  const numericOf = (count: number) => {
    let lowest = 0
    while (lowest < count && groups[lowest] === 0) lowest++
    int32(8 + 2 * (count - lowest))
    int16(count - lowest)
    int16(Math.max(count - 1, 0))
    int16(0)
    int16(0)
    for (let group = count - 1; group >= lowest; group--) int16(groups[group]!)
  }
  /** By long division, as on paper: bigints would be one more object for every digit group. */
  const wordNumeric = (partCount: number) => {
    let first = 0
    let count = 0
    while (first < partCount) {
      let rest = 0
      for (let part = first; part < partCount; part++) {
        const dividend = rest * 65_536 + parts[part]!
        const quotient = Math.floor(dividend / 10_000)
        parts[part] = quotient
        rest = dividend - quotient * 10_000
      }
      groups[count++] = rest
      while (first < partCount && parts[first] === 0) first++
    }
    numericOf(count)
  }

  return {
    get rows() {
      return rows
    },
    get position() {
      return at
    },
    row(fields) {
      makeRoom(ROOM)
      rows++
      int16(fields)
    },
    int4(value) {
      int32(4)
      int32(value)
    },
    int8(value) {
      int32(8)
      int64(value)
    },
    time(unixSeconds) {
      int32(8)
      const microseconds = (unixSeconds - EPOCH_SECONDS) * 1_000_000
      if (Number.isSafeInteger(microseconds)) int64(microseconds)
      // Beyond the year 2255.
      else at = buffer.writeBigInt64BE(BigInt(unixSeconds - EPOCH_SECONDS) * 1_000_000n, at)
    },
    boolean(value) {
      int32(1)
      buffer[at++] = value ? 1 : 0
    },
    text(value) {
      const length = Buffer.byteLength(value)
      makeRoom(length + ROOM)
      int32(length)
      at += buffer.write(value, at)
    },
    numeric(value) {
      if (value < 0n) throw new RangeError('No column of the mirror is negative')
      let count = 0
      for (let rest = value; rest > 0n; rest /= 10_000n) groups[count++] = Number(rest % 10_000n)
      numericOf(count)
    },
    safeNumeric(value) {
      let count = 0
      for (let rest = value; rest > 0; ) {
        const next = Math.floor(rest / 10_000)
        groups[count++] = rest - next * 10_000
        rest = next
      }
      numericOf(count)
    },
    null() {
      int32(-1)
    },
    hexText(source, from, digits) {
      int32(digits + 2)
      view.setInt16(at, ZERO_X)
      let to = at + 2
      let flaw = 0
      for (let digit = from; digit < from + digits; digit += 4, to += 4) {
        const four = source.getInt32(digit, true)
        flaw |= flawOf(four)
        view.setInt32(to, four, true)
      }
      at = to
      return flaw === 0
    },
    numericWord(source, from) {
      const end = from + 64
      let digit = from
      while (digit < end && source.getInt32(digit, true) === ZEROS) digit += 4
      let flaw = 0
      let count = 0
      for (; digit < end; digit += 4) {
        const four = source.getInt32(digit, true)
        flaw |= flawOf(four)
        parts[count++] = numberOf(four)
      }
      if (flaw !== 0) return false
      wordNumeric(count)
      return true
    },
    cutBack(position, rowsThen) {
      at = position
      rows = rowsThen
    },
    take() {
      makeRoom(TRAILER.length)
      at += TRAILER.copy(buffer, at)
      const taken = buffer.subarray(0, at)
      const next = spare ?? Buffer.allocUnsafe(buffer.length)
      spare = buffer
      buffer = next
      view = viewOf(buffer)
      at = HEADER.copy(buffer)
      rows = 0
      return taken
    },
  }
}
