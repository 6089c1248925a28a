import { type Abi, createWalletClient, encodeFunctionData, type Hex, http, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { anvil } from 'viem/chains'
import { ownershipAbi, payoutTokenAbi, vaultAbi } from '../common/abi.ts'
import type { Db } from '../common/node/db.ts'
import { deployContracts, roleId } from '../common/node/deploy-contracts.ts'
import type { Deployment } from '../common/node/deployment.ts'
import { startTestChain, TEST_KEYS, type TestChain } from '../common/node/testing.ts'
import { PLACE, TABLES } from './tables.ts'

/** A chain with the real contracts, and one verb per thing that can happen on it. Account 0 may do everything. */
export interface Scene {
  chain: TestChain
  deployment: Deployment
  /** Unlocked accounts with gas. */
  holders: Hex[]
  send(to: Hex, abi: unknown, functionName: string, args: unknown[], from?: Hex): Promise<Hex>
  createProject(projectId: number): Promise<Hex>
  register(holder: Hex): Promise<Hex>
  mint(projectId: number, holder: Hex, units: bigint): Promise<Hex>
  transfer(projectId: number, from: Hex, to: Hex, units: bigint): Promise<Hex>
  transferBatch(ids: bigint[], from: Hex, to: Hex, units: bigint[]): Promise<Hex>
  distribute(projectId: number, amount: bigint): Promise<Hex>
  claim(projectIds: number[], holder: Hex): Promise<Hex>
  balanceOf(projectId: number, holder: Hex): Promise<bigint>
}

/** Starts the chain, deploys, and gives account 0 every role it needs. */
export async function startScene(options: { slotsInAnEpoch?: number } = {}): Promise<Scene> {
  const chain = await startTestChain(options)
  const account = privateKeyToAccount(TEST_KEYS[0])
  const wallet = createWalletClient({ account, chain: anvil, transport: http(chain.url), pollingInterval: 20 })
  const deployment = await deployContracts(wallet, { minter: account.address, attestor: account.address, minNoticeSeconds: 0 })
  const [ownership, vault, payoutToken] = [deployment.ownership as Hex, deployment.vault as Hex, deployment.payoutToken as Hex]
  const holders = ((await chain.client.request({ method: 'eth_accounts' as never })) as Hex[]).slice(1)
  let count = 0
  const id = (prefix: string) => keccak256(toHex(`${prefix} ${count++}`))

  // Sent without estimating and without waiting: the node mines each at once, and one that reverts is part of the game.
  const send: Scene['send'] = (to, abi, functionName, args, from = account.address) => {
    const data = encodeFunctionData({ abi: abi as Abi, functionName, args })
    return chain.client.request({ method: 'eth_sendTransaction' as never, params: [{ from, to, data, gas: toHex(3_000_000) }] as never })
  }

  const scene: Scene = {
    chain,
    deployment,
    holders,
    send,
    createProject: (projectId) => {
      const terms = {
        cap: 10n ** 12n,
        maxHolders: 0,
        lockDays: 0,
        payoutToken,
        exitTargetPerUnit: 0n,
        metadataHash: id('metadata'),
        uri: 'ipfs://metadata',
      }
      return send(ownership, ownershipAbi, 'createProject', [projectId, terms])
    },
    register: (holder) => {
      const record = { flags: 3, expiry: 1_099_511_627_775, country: 756, class: 0, investorId: BigInt(holders.indexOf(holder) + 1) }
      return send(ownership, ownershipAbi, 'setAccount', [holder, record])
    },
    mint: (projectId, holder, units) => send(ownership, ownershipAbi, 'mintInvestment', [id('investment'), projectId, holder, units, 0]),
    transfer: (projectId, from, to, units) =>
      send(ownership, ownershipAbi, 'safeTransferFrom', [from, to, BigInt(projectId), units, '0x'], from),
    transferBatch: (ids, from, to, units) => send(ownership, ownershipAbi, 'safeBatchTransferFrom', [from, to, ids, units, '0x'], from),
    distribute: (projectId, amount) =>
      send(vault, vaultAbi, 'distributeReturns', [id('distribution'), projectId, amount, id('report'), 'ipfs://report']),
    claim: (projectIds, holder) => send(vault, vaultAbi, 'claim', [projectIds], holder),
    balanceOf: (projectId, holder) =>
      chain.client.readContract({ address: ownership, abi: ownershipAbi, functionName: 'balanceOf', args: [holder, BigInt(projectId)] }),
  }
  await send(ownership, ownershipAbi, 'grantRole', [roleId('REGISTRAR_ROLE'), account.address])
  await send(payoutToken, payoutTokenAbi, 'mint', [account.address, 10n ** 24n])
  await send(payoutToken, payoutTokenAbi, 'approve', [vault, 2n ** 256n - 1n])
  return scene
}

/** Every row of the mirror as text, table by table, in key order; only the time of writing is left out. */
export async function dumpMirror(db: Db): Promise<Record<string, unknown[]>> {
  const dump: Record<string, unknown[]> = {}
  const checkpoint = await db.query(`select to_jsonb(c) - 'updated_at' as row from chain.checkpoint c`)
  dump.checkpoint = checkpoint.rows.map(({ row }) => row)
  const blocks = await db.query('select b::text as row from chain.block b order by block_number')
  dump.block = blocks.rows.map(({ row }) => row)
  for (const table of Object.keys(TABLES)) {
    const order = table === 'transfer' ? 'block_number, log_index, batch_index' : 'block_number, log_index'
    dump[table] = (await db.query(`select t::text as row from chain.${table} t order by ${order}`)).rows.map(({ row }) => row)
  }
  return dump
}

/** Names of the columns every table has in front. */
export const PLACE_COLUMNS = Object.keys(PLACE)

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
