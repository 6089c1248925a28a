import pg from 'pg'
import { type Abi, createWalletClient, encodeFunctionData, type Hex, http, keccak256, type PublicClient, toHex, zeroHash } from 'viem'
import { privateKeyToAccount, privateKeyToAddress } from 'viem/accounts'
import { anvil } from 'viem/chains'
import { ownershipAbi, payoutTokenAbi, vaultAbi } from '../common/abi.ts'
import { stateNumber } from '../common/ledger-states.ts'
import { signVoucher } from '../common/mint-voucher.ts'
import { LEDGER_ROLES } from '../common/node/access.ts'
import { administer } from '../common/node/administer.ts'
import type { Db } from '../common/node/db.ts'
import { deployContracts } from '../common/node/deploy-contracts.ts'
import type { Deployment } from '../common/node/deployment.ts'
import type { Log } from '../common/node/log.ts'
import { freshDatabase, startTestChain, TEST_KEYS, type TestChain, type TestDatabase, until } from '../common/node/testing.ts'
import type { Mirrored } from './checkpoint.ts'
import { addressesOf, contractsOf, type Settings } from './settings.ts'
import { createSource } from './source.ts'
import { createSpan, type Span } from './span.ts'
import { type StepResult, step } from './step.ts'
import { keyOf, TABLES, type Table } from './tables.ts'

/** A chain with the real contracts, and one verb per thing that can happen on it. Account 0 is operator, administrator and treasurer. */
export interface Scene {
  chain: TestChain
  deployment: Deployment
  /** Has every role of the access manager; account 0. */
  operator: Hex
  /** May write account records, move wallets and nothing else. */
  registrar: Hex
  /** Unlocked accounts with gas. */
  holders: Hex[]
  send(to: Hex, abi: unknown, functionName: string, args: unknown[], from?: Hex): Promise<Hex>
  /** Has the administrator make a call. */
  administer(to: Hex, abi: unknown, functionName: string, args: unknown[]): Promise<void>
  createProject(projectId: number): Promise<Hex>
  register(holder: Hex): Promise<Hex>
  mint(projectId: number, holder: Hex, units: bigint): Promise<Hex>
  transfer(projectId: number, from: Hex, to: Hex, units: bigint): Promise<Hex>
  transferBatch(ids: bigint[], from: Hex, to: Hex, units: bigint[]): Promise<Hex>
  distribute(projectId: number, amount: bigint): Promise<Hex>
  claim(projectIds: number[], holder: Hex): Promise<Hex>
  balanceOf(projectId: number, holder: Hex, blockNumber?: bigint): Promise<bigint>
}

const paymentAttestor = privateKeyToAccount(TEST_KEYS[5])

/** Starts the chain, deploys, and lets an account of its own write account records besides the registrar. */
export async function startScene(options: { slotsInAnEpoch?: number } = {}): Promise<Scene> {
  const chain = await startTestChain(options)
  const account = privateKeyToAccount(TEST_KEYS[0])
  const wallet = createWalletClient({ account, chain: anvil, transport: http(chain.url), pollingInterval: 20 })
  const accounts = (await chain.client.request({ method: 'eth_accounts' as never })) as Hex[]
  const [minter, registrar, ...holders] = accounts.slice(1) as [Hex, Hex, ...Hex[]]
  const deployment = await deployContracts(wallet, {
    minter,
    attestor: privateKeyToAddress(TEST_KEYS[4]),
    paymentAttestor: paymentAttestor.address,
    minNoticeSeconds: 0,
  })
  const [ownership, vault, payoutToken] = [deployment.ownership as Hex, deployment.vault as Hex, deployment.payoutToken as Hex]
  let count = 0
  const id = (prefix: string) => keccak256(toHex(`${prefix} ${count++}`))

  // Sent without estimating: one that reverts is mined too and part of the game.
  const send: Scene['send'] = async (to, abi, functionName, args, from = account.address) => {
    const data = encodeFunctionData({ abi: abi as Abi, functionName, args })
    const hash: Hex = await chain.client.request({
      method: 'eth_sendTransaction' as never,
      params: [{ from, to, data, gas: toHex(3_000_000) }] as never,
    })
    // Anvil answers before its block is there.
    await until(() => chain.client.getTransactionReceipt({ hash }).catch(() => undefined), 5_000, 2)
    return hash
  }

  const scene: Scene = {
    chain,
    deployment,
    operator: account.address,
    registrar,
    holders,
    send,
    async administer(to, abi, functionName, args) {
      await administer(wallet, deployment, [{ to, data: encodeFunctionData({ abi: abi as Abi, functionName, args }) }], id('salt'))
    },
    async createProject(projectId) {
      const terms = {
        cap: 10n ** 12n,
        maxHolders: 0,
        maxHolderBps: 0,
        lockDays: 0,
        dailyMintCap: 10n ** 12n,
        payoutToken,
        treasury: account.address,
        exitTargetPerUnit: 0n,
        buyOutPerUnit: 0n,
        metadataHash: id('metadata'),
        uri: 'ipfs://metadata',
      }
      const hash = await send(ownership, ownershipAbi, 'createProject', [projectId, terms])
      await send(ownership, ownershipAbi, 'setProjectState', [projectId, stateNumber('active'), zeroHash])
      return hash
    },
    register: (holder) => {
      const record = { flags: 3, expiry: 1_099_511_627_775, country: 756, class: 0, investorId: BigInt(holders.indexOf(holder) + 1) }
      return send(ownership, ownershipAbi, 'setAccount', [holder, record], registrar)
    },
    async mint(projectId, holder, units) {
      const order = { investmentId: id('investment'), investor: holder, units, unlockDay: 0 }
      const voucher = await signVoucher(paymentAttestor, deployment, projectId, [order], 1_099_511_627_775)
      return send(ownership, ownershipAbi, 'mintInvestment', [order.investmentId, projectId, holder, units, 0, voucher], minter)
    },
    transfer: (projectId, from, to, units) =>
      send(ownership, ownershipAbi, 'safeTransferFrom', [from, to, BigInt(projectId), units, '0x'], from),
    transferBatch: (ids, from, to, units) => send(ownership, ownershipAbi, 'safeBatchTransferFrom', [from, to, ids, units, '0x'], from),
    distribute: (projectId, amount) =>
      send(vault, vaultAbi, 'distributeReturns', [id('distribution'), projectId, amount, id('report'), 'ipfs://report']),
    claim: (projectIds, holder) => send(vault, vaultAbi, 'claim', [projectIds], holder),
    balanceOf: (projectId, holder, blockNumber) =>
      chain.client.readContract({
        address: ownership,
        abi: ownershipAbi,
        functionName: 'balanceOf',
        args: [holder, BigInt(projectId)],
        ...(blockNumber === undefined ? {} : { blockNumber }),
      }),
  }
  await scene.administer(ownership, ownershipAbi, 'setRole', [registrar, LEDGER_ROLES.Registrar])
  await send(payoutToken, payoutTokenAbi, 'mint', [account.address, 10n ** 24n])
  await send(payoutToken, payoutTokenAbi, 'approve', [vault, 2n ** 256n - 1n])
  return scene
}

/** A database of its own that mirrors a scene, moved step by step. */
export interface Mirror {
  database: TestDatabase
  db: pg.Client
  mirrored: Mirrored
  /** `client` reads through another node than the scene's own. */
  step(client?: PublicClient, span?: Span): Promise<StepResult>
  catchUp(span?: Span): Promise<StepResult>
  truncate(): Promise<void>
  dump(): Promise<Record<string, string>>
  close(): Promise<void>
}

export async function openMirror(scene: Scene): Promise<Mirror> {
  const database = await freshDatabase()
  const db = new pg.Client({ connectionString: database.urlOf('terra_indexer') })
  await db.connect()
  await db.query('set search_path = chain')
  const mirrored = mirroredOf(scene)
  const wide = createSpan()
  const mirror: Mirror = {
    database,
    db,
    mirrored,
    step: (client = scene.chain.client, span = wide) =>
      step({ db, source: createSource(client, addressesOf(mirrored.contracts)), mirrored, span }),
    async catchUp(span) {
      for (;;) {
        const result = await mirror.step(undefined, span)
        if (result.to >= result.head) return result
      }
    },
    truncate: async () => void (await db.query(`truncate checkpoint, block, holding, holding_snapshot, ${Object.keys(TABLES).join(', ')}`)),
    dump: () => dumpMirror(database.admin),
    async close() {
      await db.end()
      await database.drop()
    },
  }
  return mirror
}

export function mirroredOf({ deployment }: Scene): Mirrored {
  return { chainId: deployment.chainId, contracts: contractsOf(deployment), startBlock: BigInt(deployment.startBlock) }
}

/** What an indexer that follows a mirror's chain through these nodes is set to; it believes a replaced final block at once. */
export function settingsOf({ database, mirrored }: Mirror, urls: string[]): Settings {
  return {
    urls,
    databaseUrl: database.urlOf('terra_indexer'),
    chainId: 31_337,
    startBlock: mirrored.startBlock,
    contracts: mirrored.contracts,
    schema: 'chain',
    webSocketUrls: [],
    healAfterMs: 0,
    inFlight: 4,
    settleDepth: 256n,
    maxAheadSeconds: 900n,
    pollMs: 10,
  }
}

/** A digest of every row of each table as text, in key order: equal when the mirrors are, byte for byte. Only the time of writing is left out. */
async function dumpMirror(db: Db): Promise<Record<string, string>> {
  const digestOf = async (rows: string) => {
    const found = await db.query<{ digest: string }>(
      `select count(*) || ' rows ' || coalesce(encode(sha256(convert_to(string_agg(row, E'\\n'), 'UTF8')), 'hex'), '') as digest from (${rows}) ordered`,
    )
    return found.rows[0]!.digest
  }
  const dump: Record<string, string> = {
    checkpoint: await digestOf(`select (to_jsonb(c) - 'updated_at')::text as row from chain.checkpoint c`),
    block: await digestOf('select b::text as row from chain.block b order by block_number'),
  }
  for (const table of Object.keys(TABLES)) {
    dump[table] = await digestOf(`select t::text as row from chain.${table} t order by ${keyOf(table as Table)}`)
  }
  return dump
}

/** Pseudo-random numbers that a seed repeats (mulberry32). */
export function createRandom(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    /** 0 ≤ result < below. */
    int: (below: number) => Math.floor(next() * below),
    pick: <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!,
  }
}

export type Random = ReturnType<typeof createRandom>

/** The seed of a randomised test: SEED from the environment, else a new one; printed so that a failure can be repeated. */
export function seedOf(name: string): number {
  const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1e9))
  console.log(`${name}: SEED=${seed}`)
  return seed
}

/** Does something random, in one block: transfers single and batched, mints, distributions, claims, or nothing. */
export async function act(scene: Scene, random: Random, projects = 1): Promise<void> {
  const [from, to] = [random.pick(scene.holders), random.pick(scene.holders)]
  const projectId = 1 + random.int(projects)
  const units = () => BigInt(random.int(100))
  const deeds = [
    () => scene.chain.client.mine({ blocks: 1 }),
    () => scene.distribute(projectId, BigInt(random.int(1_000_000) + 1)),
    () => scene.mint(projectId, to, units() + 1n),
    () => scene.claim([projectId], from),
    () => scene.transferBatch([BigInt(projectId), 1n], from, to, [units(), units()]),
    () => scene.transfer(projectId, from, to, units()),
    () => scene.transfer(projectId, from, to, units()),
    () => scene.transfer(projectId, from, to, units()),
  ]
  await random.pick(deeds)()
}

/** A log that keeps its lines. */
export interface Lines {
  log: Log
  codes(): string[]
  clear(): void
}

export function createLines(): Lines {
  const kept: Record<string, unknown>[] = []
  const keep = (fields: unknown, message?: string) =>
    void kept.push(typeof fields === 'object' ? { ...fields, message } : { message: fields })
  return {
    log: { info: keep, warn: keep, error: keep, debug: keep } as Log,
    codes: () => kept.map((line) => String(line.code ?? '')),
    clear: () => void kept.splice(0),
  }
}
