import { closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs'

/** A file that only grows and is read in slices; the system's page cache is what makes it fast, so that it costs this process no memory. */
export interface AppendFile {
  readonly size: number
  append(bytes: string | Buffer): void
  /** Bytes from `start` up to, but not including, `end`. */
  read(start: number, end: number): Buffer
  /** Forgets everything after the first `size` bytes. */
  cut(size: number): void
  close(): void
}

const PENDING_BYTES = 4_000_000

/** Opens or creates it. Text is stored one byte a character. */
export function openAppendFile(path: string): AppendFile {
  const file = openSync(path, 'a+')
  let written = fstatSync(file).size
  let pending: (string | Buffer)[] = []
  let pendingBytes = 0

  function flush() {
    if (pendingBytes === 0) return
    const bytes = Buffer.allocUnsafe(pendingBytes)
    let at = 0
    for (const part of pending) at += typeof part === 'string' ? bytes.write(part, at, 'latin1') : part.copy(bytes, at)
    writeSync(file, bytes)
    written += pendingBytes
    pending = []
    pendingBytes = 0
  }

  return {
    get size() {
      return written + pendingBytes
    },
    append(bytes) {
      pending.push(bytes)
      pendingBytes += bytes.length
      if (pendingBytes > PENDING_BYTES) flush()
    },
    read(start, end) {
      if (end > written) flush()
      const bytes = Buffer.allocUnsafe(end - start)
      for (let at = 0; at < bytes.length; ) at += readSync(file, bytes, at, bytes.length - at, start + at)
      return bytes
    },
    cut(size) {
      flush()
      ftruncateSync(file, size)
      written = size
    },
    close() {
      flush()
      closeSync(file)
    },
  }
}
