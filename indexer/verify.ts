import { setTimeout as sleep } from 'node:timers/promises'
import type { Hex, PublicClient } from 'viem'
import { ownershipAbi } from '../common/abi.ts'
import { inTransaction, type Pool } from '../common/node/db.ts'
import { type MirrorState, readMirror } from './verify-mirror.ts'

export interface VerifyDeps {
  /** Needs to read `chain` only. */
  pool: Pool
  client: PublicClient
}

export interface VerifyOptions {
  /** Waits until the mirror has this block and it is final. */
  minBlock?: bigint
  /** How long to wait for that, and for a node that has the block's state. */
  timeoutMs?: number
  /** False for a mirror without vault: claims are unknown to it. */
  checksClaims?: boolean
  onProgress?: (done: number, total: number) => void
}

export interface Mismatch {
  check: 'block' | 'project' | 'balance' | 'supply' | 'holders' | 'epoch' | 'claimable'
  projectId: number | null
  holder: string | null
  chain: string
  mirror: string
}

export interface VerifyReport {
  chainId: number
  contract: string
  /** The final block at which both sides were read. */
  block: string
  hash: string
  /** (holder, project) pairs that ever held a unit. */
  pairs: number
  projects: number
  mismatches: Mismatch[]
}

const PAIRS_PER_CALL = 500
const CALLS_AT_ONCE = 16
/** Project ids are a sequence; should they have wide gaps, no more of these are asked for. */
const UNKNOWN_IDS = 1_000
const RETRY_MS = 500

/**
 * Proves that the mirror equals the chain: every pair's balance and due, every project's supply, number of holders and epoch,
 * read from the contract at one final block, against `chain.*` as of that block. The sums make sure that no holder is unknown to the mirror.
 * @throws Error when there is no final block to look at in time, or the node lacks its state
 */
export async function verifyMirror(deps: VerifyDeps, options: VerifyOptions = {}): Promise<VerifyReport> {
  const deadline = Date.now() + (options.timeoutMs ?? 30_000)
  for (;;) {
    const mirror = await inTransaction(deps.pool, (db) => readMirror(db))
    try {
      if (mirror === undefined) throw new Wait('The mirror has no final block yet')
      if (mirror.block < (options.minBlock ?? 0n))
        throw new Wait(`Block ${options.minBlock} is not mirrored and final yet, only ${mirror.block}`)
      return await compare(deps.client, mirror, options)
    } catch (error) {
      // Full nodes keep the state of the newest 128 blocks or so: a newer final block will do.
      if (!(error instanceof Wait) && !isStateMissing(error)) throw error
      if (Date.now() > deadline) throw new Error(`Gave up verifying: ${(error as Error).message}`, { cause: error })
      await sleep(RETRY_MS)
    }
  }
}

class Wait extends Error {}

async function compare(
  client: PublicClient,
  mirror: MirrorState,
  { checksClaims = true, onProgress = () => {} }: VerifyOptions,
): Promise<VerifyReport> {
  const { chainId, contract, block, hash, pairs, projects } = mirror
  const mismatches: Mismatch[] = []
  const check = (kind: Mismatch['check'], projectId: number | null, holder: string | null, onChain: unknown, mirrored: unknown) => {
    if (String(onChain) !== String(mirrored))
      mismatches.push({ check: kind, projectId, holder, chain: String(onChain), mirror: String(mirrored) })
  }
  const report = { chainId, contract, block: String(block), hash, pairs: pairs.length, projects: projects.size, mismatches }

  check('block', null, null, (await client.getBlock({ blockNumber: block })).hash, hash)
  if (mismatches.length > 0) return report

  const ledger = { address: contract as Hex, abi: ownershipAbi, blockNumber: block } as const
  await inParallel(idsToCheck(mirror), async (projectId) => {
    const known = projects.get(projectId)
    const { state, supply, holders, epoch } = await client.readContract({ ...ledger, functionName: 'projectOf', args: [BigInt(projectId)] })
    check('project', projectId, null, state !== 0, known !== undefined)
    if (known === undefined) return
    check('supply', projectId, null, supply, known.units)
    check('holders', projectId, null, holders, known.holders)
    check('epoch', projectId, null, epoch, known.epoch)
  })

  const chunks = Array.from({ length: Math.ceil(pairs.length / PAIRS_PER_CALL) }, (_, at) =>
    pairs.slice(at * PAIRS_PER_CALL, (at + 1) * PAIRS_PER_CALL),
  )
  const earning = checksClaims ? pairs.filter((pair) => (projects.get(pair.projectId)?.epoch ?? 0) > 0) : []
  const total = pairs.length + earning.length
  let done = 0
  await inParallel(chunks, async (chunk) => {
    const args = [chunk.map((pair) => pair.holder), chunk.map((pair) => BigInt(pair.projectId))] as const
    const balances = await client.readContract({ ...ledger, functionName: 'balanceOfBatch', args })
    for (const [at, pair] of chunk.entries()) check('balance', pair.projectId, pair.holder, balances[at], pair.units)
    done += chunk.length
    onProgress(done, total)
  })
  await inParallel(earning, async ({ projectId, holder, claimable }) => {
    check(
      'claimable',
      projectId,
      holder,
      await client.readContract({ ...ledger, functionName: 'claimableOf', args: [BigInt(projectId), holder] }),
      claimable,
    )
    onProgress(++done, total)
  })
  return report
}

/** Every known project, and the ids between and right after them, where one that the mirror missed would be. */
function idsToCheck({ projects, pairs }: MirrorState): Set<number> {
  const known = new Set([...projects.keys(), ...pairs.map((pair) => pair.projectId)])
  const newest = [...known].reduce((a, b) => Math.max(a, b), 0)
  const ids = new Set(known)
  for (let id = 1; id <= newest + 1 && ids.size < known.size + UNKNOWN_IDS; id++) ids.add(id)
  return ids.add(newest + 1)
}

async function inParallel<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]()
  const worker = async () => {
    for (let next = queue.next(); next.done !== true; next = queue.next()) await work(next.value)
  }
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, worker))
}

/** The wordings of geth, bor, erigon, nethermind, besu and anvil. */
function isStateMissing(error: unknown): boolean {
  return /missing trie node|(historical|old) state|state .{0,40}(not available|unavailable|pruned)|distance to target block|header not found|BlockOutOfRange|World state unavailable/i.test(
    String((error as Error).message),
  )
}
