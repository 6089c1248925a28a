import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { World } from './world.ts'

/** Starts the real indexer, `node indexer/main.ts`, on a world's node and mirror. `isProbed` for {@link liveMemoryOf}. */
export function launchIndexer({ mirror, node }: World, databaseUrl?: string, isProbed = false): ChildProcess {
  const env = { PATH: process.env.PATH ?? '', LOG_LEVEL: 'warn', ...mirror.environment([node.url], databaseUrl) }
  const probe = isProbed ? ['--expose-gc', '--import', join(import.meta.dirname, 'memory-probe.ts')] : []
  const stdio = ['ignore', 'ignore', 'ignore', ...(isProbed ? (['ipc'] as const) : [])] as const
  return spawn(process.execPath, [...probe, join(import.meta.dirname, '..', 'main.ts')], { env, stdio: [...stdio] })
}

/** Resident memory of a process in bytes. */
export async function memoryOf({ pid }: ChildProcess): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout.trim()) * 1024
}

/** Bytes that a probed process still uses after a full collection. */
export async function liveMemoryOf(child: ChildProcess): Promise<number> {
  const said = once(child, 'message') as Promise<[number]>
  child.send('collect')
  return (await said)[0]
}
