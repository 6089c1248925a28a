import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, glob, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Cleanup } from './cleanup.ts'

const peers = join(import.meta.dirname, '..', 'peers')
const run = promisify(execFile)
const LARGEST_OUTPUT_BYTES = 50_000_000

/**
 * Installs a peer by its lock file, in a folder under the system's temporary one that later runs find again; answers the folder.
 */
export async function installPeer(name: string, cleanup: Cleanup): Promise<string> {
  const source = join(peers, name)
  const folder = join(tmpdir(), `terra-bench-peer-${name}-${await digestOf(source)}`)
  if ((await stat(folder).catch(() => undefined)) !== undefined) return folder
  // Beside first: an installation that was cut off is never taken for a whole one.
  const unfinished = await mkdtemp(`${folder}.new-`)
  const remove = cleanup.add(() => rm(unfinished, { recursive: true, force: true, maxRetries: 5 }))
  await cp(source, unfinished, { recursive: true })
  await runIn(unfinished, 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  // Of two that install at the same time one is the first.
  await rename(unfinished, folder).catch(() => {})
  await remove()
  return folder
}

/** Runs a program to its end. @throws Error with the end of what it printed */
export async function runIn(cwd: string, program: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  try {
    await run(program, args, { cwd, env: { ...process.env, ...env }, maxBuffer: LARGEST_OUTPUT_BYTES })
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string }
    const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-4).join(' ').slice(-400)
    throw new Error(`${program} ${args[0] ?? ''} failed: ${said}`, { cause })
  }
}

async function digestOf(folder: string): Promise<string> {
  const digest = createHash('sha256').update(process.version)
  const files: string[] = []
  for await (const file of glob('**/*.*', { cwd: folder, exclude: (path) => path.includes('node_modules') })) files.push(file)
  for (const file of files.sort()) {
    const path = join(folder, file)
    if ((await stat(path)).isFile()) digest.update(file).update(await readFile(path))
  }
  return digest.digest('hex').slice(0, 12)
}
