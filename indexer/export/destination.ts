import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'

/** Where an export goes. */
export interface Destination {
  /** Resolves when more may be sent. */
  write(chunk: Uint8Array): Promise<void>
  /** Everything was written: the file takes its name. */
  commit(): Promise<void>
  /** Gives up; nothing keeps the file's name. Harmless after `commit`. */
  abort(): Promise<void>
  readonly bytes: number
  /** SHA-256 of what was written, once it is committed. */
  sha256(): string
}

/** A file that has its name only when it is whole: until then it is called `<path>.partial`, and goes when the process does. */
export async function openFile(path: string): Promise<Destination> {
  const partial = `${path}.partial`
  const file = await open(partial, 'w')
  const forget = () => rmSync(partial, { force: true })
  process.once('exit', forget)
  const hash = createHash('sha256')
  let bytes = 0
  let isOpen = true
  return {
    get bytes() {
      return bytes
    },
    sha256: () => hash.copy().digest('hex'),
    async write(chunk) {
      hash.update(chunk)
      bytes += chunk.byteLength
      for (let at = 0; at < chunk.byteLength; ) at += (await file.write(chunk, at)).bytesWritten
    },
    async commit() {
      await file.sync()
      await file.close()
      isOpen = false
      await rename(partial, path)
      process.off('exit', forget)
    },
    async abort() {
      if (!isOpen) return
      isOpen = false
      await file.close().catch(() => {})
      await rm(partial, { force: true })
      process.off('exit', forget)
    },
  }
}

/** A stream of somebody else's, which is left open. @throws what it fails with: EPIPE when its reader went away */
export function openStream(stream: NodeJS.WritableStream): Destination {
  const hash = createHash('sha256')
  let bytes = 0
  let failure: Error | undefined
  const onError = (error: Error) => {
    failure = error
  }
  stream.on('error', onError)
  return {
    get bytes() {
      return bytes
    },
    sha256: () => hash.copy().digest('hex'),
    async write(chunk) {
      if (failure !== undefined) throw failure
      hash.update(chunk)
      bytes += chunk.byteLength
      if (!stream.write(chunk)) await once(stream, 'drain')
    },
    async commit() {
      if (failure !== undefined) throw failure
      await new Promise<void>((resolve, reject) => stream.write('', (error) => (error ? reject(error) : resolve())))
      stream.off('error', onError)
    },
    abort: async () => {},
  }
}
