import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { World } from './world.ts'

/** Starts the real indexer, `node indexer/main.ts`, on a world's node and mirror. */
export function launchIndexer({ mirror, node }: World, databaseUrl?: string): ChildProcess {
  const env = { PATH: process.env.PATH ?? '', LOG_LEVEL: 'warn', ...mirror.environment([node.url], databaseUrl) }
  return spawn(process.execPath, [join(import.meta.dirname, '..', 'main.ts')], { env, stdio: 'ignore' })
}

/** Resident memory of a process in bytes. */
export async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout.trim()) * 1024
}
