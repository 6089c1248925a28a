import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { type Breaker, guardFetch } from '../../common/node/breaker.ts'
import type { Log } from '../../common/node/log.ts'

/** Says whether a password is among those known from breaches; false also where nobody can say. */
export type IsBreached = (password: string) => Promise<boolean>

export interface BreachSettings {
  /** Base address of a range API (haveibeenpwned.com/API/v3#SearchingPwnedPasswordsByRange); asked when there is no file. */
  url: string | undefined
  /** A file of upper-case SHA-1 hashes in order, one a line, with or without ":count": the published list, for use without a network. */
  file: string | undefined
  log: Log
  guard?: Breaker
}

const PREFIX = 5
const HASH = 40
const TIMEOUT_MS = 2_000
/** The largest answers are under 100 KB. */
const LARGEST_ANSWER = 1_000_000

/** Opens the check against known breaches: by file, by range API, or none. A source that is away lets passwords pass and says so in the log. */
export function openBreachCheck({ url, file, log, guard }: BreachSettings): IsBreached {
  const find = file !== undefined ? findInFile(file) : url !== undefined ? findByRange(url, guard) : undefined
  if (!find) return async () => false
  return async (password) => {
    const hash = createHash('sha1').update(password).digest('hex').toUpperCase()
    try {
      return await find(hash)
    } catch (cause) {
      // Never the password nor its hash.
      log.warn({ reason: (cause as Error).message }, 'The list of breached passwords could not be asked; a password passed unchecked')
      return false
    }
  }
}

/** K-anonymity: five of the hash's forty digits leave the house, and padding hides from the line how many match them. */
function findByRange(url: string, guard: Breaker | undefined): (hash: string) => Promise<boolean> {
  const ask = guard === undefined ? fetch : guardFetch(guard)
  const base = url.endsWith('/') ? url : `${url}/`
  return async (hash) => {
    const response = await ask(new URL(`range/${hash.slice(0, PREFIX)}`, base), {
      headers: { 'Add-Padding': 'true', 'User-Agent': 'terra-lumina' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    })
    if (!response.ok) throw new Error(`The range API answered ${response.status}`)
    const text = await response.text()
    if (text.length > LARGEST_ANSWER) throw new Error('The range API answered too much')
    const suffix = hash.slice(PREFIX)
    // Lines added as padding count 0.
    return text
      .split(/\r?\n/)
      .some((line) => line.slice(0, suffix.length).toUpperCase() === suffix && Number(line.slice(suffix.length + 1)) > 0)
  }
}

/** Looks a hash up by halving: the published list has gigabytes. */
function findInFile(path: string): (hash: string) => Promise<boolean> {
  return async (hash) => {
    const file = await open(path)
    try {
      const readAt = async (at: number): Promise<{ start: number; line: string }> => {
        const from = Math.max(0, at - 128)
        const { buffer, bytesRead } = await file.read(Buffer.alloc(256), 0, 256, from)
        const text = buffer.toString('latin1', 0, bytesRead)
        const start = text.lastIndexOf('\n', at - from - 1) + 1
        const end = text.indexOf('\n', start)
        return { start: from + start, line: text.slice(start, end < 0 ? undefined : end) }
      }
      let low = 0
      let high = (await file.stat()).size
      while (low < high) {
        const { start, line } = await readAt(Math.floor((low + high) / 2))
        const found = line.slice(0, HASH).toUpperCase()
        if (found === hash) return true
        if (found < hash) low = start + line.length + 1
        else high = start
      }
      return false
    } finally {
      await file.close()
    }
  }
}
