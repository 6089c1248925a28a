import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { createTestClient, type Hex, http, publicActions, walletActions } from 'viem'
import { type Child, keepChild } from './child.ts'
import { LocalError } from './local-error.ts'
import type { Registry } from './registry.ts'

export interface LocalChain {
  url: string
  client: ReturnType<typeof openClient>
  child: Child
  /** True when an earlier chain was gone on with. */
  isKept: boolean
  /** Writes the chain's state to disk, then ends it. */
  stop(): Promise<void>
}

export interface LocalChainOptions {
  /** Holds `chain/` and `logs/`. */
  folder: string
  port: number
  registry: Registry
  onRestart(sentence: string): void
  warn(sentence: string): void
}

export const CHAIN_ID = 31_337
export const BLOCK_SECONDS = 2
/** Anvil calls a block final two epochs behind the head: four blocks, eight seconds. */
const SLOTS_IN_AN_EPOCH = 2
/** Often enough that only blocks which are not final yet can be lost by a power cut. */
const SAVE_IDLE_MS = 6_000
const LOOK_MS = 1_000

/** Starts anvil on the kept chain, or on a new one, and keeps writing its state to `chain/state.json.gz`. */
export async function startChain(options: LocalChainOptions): Promise<LocalChain> {
  const { folder, port, registry } = options
  const url = `http://127.0.0.1:${port}`
  const client = openClient(url)
  const home = join(folder, 'chain')
  const isKept = await findState(folder, options.warn)

  // Made anew at every start of anvil: should it die by itself, it goes on from the newest saved state.
  function args(): string[] {
    rmSync(join(home, 'cache'), { recursive: true, force: true })
    const loadFile = join(home, 'load.json')
    const saved = stateAt(statePath(folder))
    if (saved !== undefined) writeFileSync(loadFile, saved)
    return [
      ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(CHAIN_ID), '--block-time', String(BLOCK_SECONDS)],
      ...['--slots-in-an-epoch', String(SLOTS_IN_AN_EPOCH), '--silent'],
      // The newest states stay in memory, some more on disk in a folder of ours: enough to ask about the last minutes.
      ...['--max-persisted-states', '150', '--cache-path', join(home, 'cache')],
      ...(saved === undefined ? [] : ['--load-state', loadFile]),
    ]
  }
  const child = keepChild({
    name: 'chain',
    command: anvilProgram(),
    args,
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: home },
    logFile: join(folder, 'logs', 'chain.log'),
    registry,
    onRestart: options.onRestart,
  })
  try {
    await child.ready(async () => (await client.getChainId()) === CHAIN_ID, 60_000)
  } catch (error) {
    await child.stop()
    throw error
  }
  // Anvil loads blocks without the states behind them; a few new ones make the final block readable at once.
  if (isKept) await client.mine({ blocks: SLOTS_IN_AN_EPOCH * 2 + 1 })
  const saver = keepSaving(folder, client, options.warn)
  return {
    url,
    client,
    child,
    isKept,
    async stop() {
      await saver.stop()
      await child.stop()
    },
  }
}

/** Asks the chain at `url` for its state and puts it on disk, the one before kept beside it. */
export async function saveState(folder: string, client: ReturnType<typeof openClient>): Promise<void> {
  const dump = (await client.request({ method: 'anvil_dumpState' as never, params: [] as never })) as Hex
  const path = statePath(folder)
  await writeFile(`${path}.new`, Buffer.from(dump.slice(2), 'hex'), { flush: true })
  await rename(path, `${path}.previous`).catch(ignoreMissing)
  await rename(`${path}.new`, path)
}

export function openClient(url: string) {
  return createTestClient({ mode: 'anvil', transport: http(url, { retryCount: 0, timeout: 60_000 }), pollingInterval: 200 })
    .extend(publicActions)
    .extend(walletActions)
}

function keepSaving(folder: string, client: ReturnType<typeof openClient>, warn: (sentence: string) => void) {
  let seen = -1n
  let savedAt = 0
  let tookMs = 0
  let isFailing = false
  let saving: Promise<void> = Promise.resolve()

  async function save() {
    const startedAt = Date.now()
    await saveState(folder, client)
    savedAt = Date.now()
    tookMs = savedAt - startedAt
  }
  async function look() {
    const head = await client.getBlockNumber({ cacheTime: 0 })
    let hasTransactions = seen < 0n
    for (let number = seen + 1n; number <= head && seen >= 0n && !hasTransactions; number++) {
      hasTransactions = (await client.getBlockTransactionCount({ blockNumber: number })) > 0
    }
    seen = head
    // A long chain takes longer to write: never more than a tenth of the time.
    if (Date.now() - savedAt > Math.max(hasTransactions ? 0 : SAVE_IDLE_MS, tookMs * 10)) await save()
    else if (hasTransactions) seen = head - 1n
    isFailing = false
  }
  const timer = setInterval(() => {
    saving = saving.then(look).catch((error: Error) => {
      if (!isFailing)
        warn(
          `The chain's state could not be saved (${error.message.split('\n')[0]}); the last saved one is kept and saving is tried again.`,
        )
      isFailing = true
    })
  }, LOOK_MS)
  return {
    async stop() {
      clearInterval(timer)
      await saving
      await save().catch((error: Error) =>
        warn(`The chain's state could not be saved (${error.message.split('\n')[0]}); the last saved one is kept.`),
      )
    },
  }
}

/**
 * Whether there is a state to go on from. A damaged newest one is replaced by the one before it.
 * @throws LocalError when there is one and neither it nor the one before can be read
 */
async function findState(folder: string, warn: (sentence: string) => void): Promise<boolean> {
  const path = statePath(folder)
  const [newest, previous] = await Promise.all([path, `${path}.previous`].map((file) => readFile(file).catch(() => undefined)))
  if (newest === undefined && previous === undefined) return false
  if (stateAt(path) !== undefined) return true
  if (stateAt(`${path}.previous`) === undefined) {
    throw new LocalError(`The chain's state in ${dirname(path)} cannot be read, nor the one before it: run npm run reset to begin anew.`)
  }
  await rename(path, `${path}.damaged`).catch(ignoreMissing)
  await writeFile(path, previous!)
  warn(`The chain's newest state was damaged; going on from the one before it (${path}.previous).`)
  return true
}

/** The state kept in a file as JSON, or undefined when it is absent or not whole. */
function stateAt(path: string): Buffer | undefined {
  try {
    const json = gunzipSync(readFileSync(path))
    JSON.parse(json.toString())
    return json
  } catch {
    return undefined
  }
}

function statePath(folder: string): string {
  return join(folder, 'chain', 'state.json.gz')
}

/** Anvil itself, not the script before it, so that signals and process numbers are its own. */
function anvilProgram(): string {
  const require = createRequire(import.meta.resolve('@foundry-rs/anvil/package.json'))
  const machine = `${platform()}-${arch() === 'x64' ? 'amd64' : arch()}`
  try {
    return require.resolve(`@foundry-rs/anvil-${machine}/bin/anvil${platform() === 'win32' ? '.exe' : ''}`)
  } catch (cause) {
    throw new LocalError(`There is no anvil for ${machine} in node_modules: run npm ci without --omit=optional.`, { cause })
  }
}

function ignoreMissing(error: NodeJS.ErrnoException) {
  if (error.code !== 'ENOENT') throw error
}
