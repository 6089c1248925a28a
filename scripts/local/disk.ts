import { statfs } from 'node:fs/promises'
import { LocalError } from './local-error.ts'

const MEGABYTE = 1_000_000

/** Room a stack needs to start and to run for a day. */
const NEEDED_BYTES = 700 * MEGABYTE
/** Below this a running stack warns: Postgres stops when there is none left. */
const LOW_BYTES = 150 * MEGABYTE

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** @throws LocalError when the disk that holds `folder` is nearly full */
export async function checkDisk(folder: string, neededBytes = NEEDED_BYTES): Promise<void> {
  const free = await freeBytes(folder)
  if (free >= neededBytes) return
  throw new LocalError(
    `Only ${Math.floor(free / MEGABYTE)} MB are free on the disk that holds ${folder}, and ${neededBytes / MEGABYTE} MB are needed: free some space, or put the data elsewhere with TERRA_FOLDER=/another/disk/terra npm start; nothing was changed.`,
  )
}

/** Looks every half minute and says once when the disk is nearly full. Answers how to stop looking. */
export function watchDisk(folder: string, warn: (sentence: string) => void): () => Promise<void> {
  let wasLow = false
  const timer = setInterval(async () => {
    const free = await freeBytes(folder).catch(() => undefined)
    if (free === undefined) return
    if (free < LOW_BYTES && !wasLow)
      warn(
        `Only ${Math.floor(free / MEGABYTE)} MB are left on the disk that holds ${folder}: free some space before the database has to stop.`,
      )
    wasLow = free < LOW_BYTES
  }, 30_000)
  return async () => clearInterval(timer)
}
