import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { holdLock } from './hold-lock.ts'
import { LocalError } from './local-error.ts'

const root = join(import.meta.dirname, '..', '..')

/** Compiles the contracts when they changed since the last time. Answers whether it did. */
export async function buildContracts(logFile?: string): Promise<boolean> {
  const digest = await digestOf(['contracts', 'hardhat.config.ts'], (path) => path.endsWith('.sol') || path.endsWith('config.ts'))
  return buildOnce(join(root, 'artifacts', '.built-from'), digest, 'The contracts', ['hardhat/dist/src/cli.js', 'build'], logFile)
}

/** Builds the web app when it, or what it shares with the server, changed since the last time. Answers whether it did. */
export async function buildWeb(logFile?: string): Promise<boolean> {
  const digest = await digestOf(
    ['web', 'common', 'package-lock.json'],
    (path) => !path.startsWith('web/dist') && !path.startsWith('web/e2e') && !path.startsWith('common/node') && !/\.test\.ts$/.test(path),
  )
  const client = createHash('sha256')
    .update(process.env.VITE_WEB3AUTH_CLIENT_ID ?? '')
    .digest('hex')
  return buildOnce(join(root, 'web', 'dist', '.built-from'), digest + client, 'The web app', ['vite/bin/vite.js', 'build', 'web'], logFile)
}

async function buildOnce(marker: string, digest: string, what: string, command: string[], logFile: string | undefined): Promise<boolean> {
  const isFresh = async () => (await readFile(marker, 'utf8').catch(() => undefined)) === digest
  if (await isFresh()) return false
  // Two stacks that start side by side share these files: one builds, the other waits and then finds it done.
  const release = await holdLock(join(root, 'node_modules', `.terra-build-${command[0]!.split('/')[0]}`))
  try {
    if (await isFresh()) return false
    await build(what, command, logFile)
    await writeFile(marker, digest)
    return true
  } finally {
    await release()
  }
}

async function build(what: string, [program, ...args]: string[], logFile: string | undefined): Promise<void> {
  const output: Buffer[] = []
  const child = spawn(process.execPath, [join(root, 'node_modules', program!), ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  if (logFile !== undefined) appendFileSync(logFile, Buffer.concat(output))
  if (code === 0) return
  throw new LocalError(`${what} could not be built: ${Buffer.concat(output).toString().trim().split('\n').slice(-15).join('\n')}`)
}

/** SHA-256 over the names and contents of the files under `paths`. */
async function digestOf(paths: string[], isWanted: (path: string) => boolean): Promise<string> {
  const hash = createHash('sha256')
  for (const path of paths) {
    for (const file of await filesUnder(path)) {
      if (isWanted(file)) hash.update(`${file}\0`).update(await readFile(join(root, file)))
    }
  }
  return hash.digest('hex')
}

async function filesUnder(path: string): Promise<string[]> {
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch(() => undefined)
  if (entries === undefined) return [path]
  const names = entries.filter(({ name }) => !['dist', 'node_modules'].includes(name)).map(({ name }) => `${path}/${name}`)
  return (await Promise.all(names.sort().map(filesUnder))).flat()
}
