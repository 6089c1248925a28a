import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What `npm start -- --json` prints, as far as a browser test needs it. */
export type World = {
  web: string
  rpc: string
  /** Where mails are caught. */
  inbox: string
  chainId: number
  dataFolder: string
  accounts: { role: 'issuer' | 'investor'; email: string; password: string; privateKey?: `0x${string}` }[]
  stop: () => Promise<void>
}

/** First start included: contracts compiled, web app built, forty people registered. */
const START_MS = 300_000

/**
 * Brings up the whole platform with its seeded world in a folder of its own, by the command everybody uses.
 * With E2E_WORLD=<file of `npm start -- --json`> it uses that running one and leaves it alone.
 */
export async function openWorld(): Promise<World> {
  const running = process.env.E2E_WORLD
  if (running) return { ...(JSON.parse(await readFile(running, 'utf8')) as World), stop: async () => undefined }
  const folder = await mkdtemp(join(tmpdir(), 'terra-e2e-'))
  const [web, rpc, db, sandbox, smtp] = (await Promise.all(Array.from({ length: 5 }, freePort))).map(String)
  const child = spawn(process.execPath, [join(import.meta.dirname, '..', '..', 'scripts', 'start.ts'), '--json'], {
    env: { ...process.env, TERRA_FOLDER: folder, WEB_PORT: web, RPC_PORT: rpc, DB_PORT: db, SANDBOX_PORT: sandbox, SMTP_PORT: smtp },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  let told = ''
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  child.stderr.on('data', (chunk) => {
    told += chunk
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const deadline = Date.now() + START_MS
    for (;;) {
      const world = parse(printed)
      if (world) return { ...world, stop }
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`The platform did not start:\n${told}`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function parse(text: string): Omit<World, 'stop'> | null {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
