import { BaseError, ContractFunctionRevertedError, ContractFunctionZeroDataError, type PublicClient, parseAbi } from 'viem'
import { ownershipAbi } from '../common/abi.ts'
import type { Db } from '../common/node/db.ts'
import { inParallel } from './in-parallel.ts'
import { countPairs, type MirrorState, type Pair, readPairs } from './verify-mirror.ts'
import type { Findings } from './verify-types.ts'

const PAIRS_PER_CALL = 500
/** Project ids are a sequence; should they have wide gaps, no more of these are asked for. */
const UNKNOWN_IDS = 1_000

export interface BalanceOptions {
  checksClaims: boolean
  onProgress: (done: number, total: number, what: string) => void
}

/** How many units of a project there are on either side. */
export interface Supply {
  projectId: number
  chain: string
  mirror: string
  /** Whether the contract told it, or it is what all holders known to the mirror have together. */
  from: 'totalSupply' | 'sum of balances'
}

export interface Balances {
  /** How many pairs were compared. */
  pairs: number
  supplies: Supply[]
  /** False when a holder or an id that the mirror doesn't know of would show in no sum that the contract tells. */
  isComplete: boolean
}

/**
 * Holds every pair and every project of the mirror against the contract at the mirror's final block. Of a plain ERC-1155 contract
 * there are balances, and supplies where it can tell them.
 */
export async function checkBalances(
  client: PublicClient,
  db: Db,
  mirror: MirrorState,
  findings: Findings,
  options: BalanceOptions,
): Promise<Balances> {
  const ledger = { address: mirror.contract, abi: ownershipAbi, blockNumber: mirror.block } as const
  const isLedger = (await ifAnswered(client.readContract({ ...ledger, functionName: 'projectOf', args: [0n] }))) !== undefined
  const total = await countPairs(db, mirror.block)
  const sums = new Map<number, bigint>()
  const supplies: Supply[] = []
  let done = 0

  async function checkPairs(pairs: Pair[]) {
    const args = [pairs.map((pair) => pair.holder), pairs.map((pair) => BigInt(pair.projectId))] as const
    const balances = await client.readContract({ ...ledger, functionName: 'balanceOfBatch', args })
    for (const [at, { projectId, holder, units }] of pairs.entries()) {
      findings.check('balance', projectId, holder, balances[at], units)
      sums.set(projectId, (sums.get(projectId) ?? 0n) + balances[at]!)
    }
    done += pairs.length
    options.onProgress(done, total, 'Comparing holders')
  }

  async function checkClaim({ projectId, holder, claimable }: Pair) {
    const args = [BigInt(projectId), holder] as const
    findings.check('claimable', projectId, holder, await client.readContract({ ...ledger, functionName: 'claimableOf', args }), claimable)
  }

  async function checkProject(projectId: number) {
    const known = mirror.projects.get(projectId)
    const { state, holders, epoch } = await client.readContract({ ...ledger, functionName: 'projectOf', args: [BigInt(projectId)] })
    findings.check('project', projectId, null, state !== 0, known?.isCreated ?? false)
    if (known === undefined || (state === 0 && !known.isCreated)) return
    await checkSupply(projectId, known.units)
    findings.check('holders', projectId, null, holders, known.holders)
    findings.check('epoch', projectId, null, epoch, known.epoch)
  }

  async function checkSupply(projectId: number, units: string) {
    const told = await ifAnswered(client.readContract({ ...ledger, functionName: 'totalSupply', args: [BigInt(projectId)] }))
    const chain = String(told ?? sums.get(projectId) ?? 0n)
    findings.check('supply', projectId, null, chain, units)
    supplies.push({ projectId, chain, mirror: units, from: told === undefined ? 'sum of balances' : 'totalSupply' })
  }

  /**
   * An id that the mirror doesn't know of shows in the supply of all ids alone, which not every contract tells. What is called so may
   * also be something else: only when it fits does it prove anything.
   */
  async function isAllKnown(): Promise<boolean> {
    const all = await ifAnswered(client.readContract({ ...ledger, abi: supplyOfAllAbi, functionName: 'totalSupply' }))
    const known = [...mirror.projects.values()].reduce((sum, { units }) => sum + BigInt(units), 0n)
    return all === known && supplies.every(({ from }) => from === 'totalSupply')
  }

  if (isLedger) await inParallel(idsToCheck([...mirror.projects.keys()]), checkProject)
  const checksClaims = isLedger && options.checksClaims
  for await (const pairs of readPairs(db, mirror.block, checksClaims)) {
    const portions = Array.from({ length: Math.ceil(pairs.length / PAIRS_PER_CALL) }, (_, at) =>
      pairs.slice(at * PAIRS_PER_CALL, (at + 1) * PAIRS_PER_CALL),
    )
    await inParallel(portions, checkPairs)
    const earning = checksClaims ? pairs.filter((pair) => (mirror.projects.get(pair.projectId)?.epoch ?? 0) > 0) : []
    await inParallel(earning, checkClaim)
  }
  if (!isLedger) await inParallel(mirror.projects, ([projectId, { units }]) => checkSupply(projectId, units))
  supplies.sort((a, b) => a.projectId - b.projectId)
  return { pairs: total, supplies, isComplete: isLedger || (await isAllKnown()) }
}

/** OpenZeppelin's ERC1155Supply tells the supply of all ids together, too. */
const supplyOfAllAbi = parseAbi(['function totalSupply() view returns (uint256)'])

/** Every known project, and the ids between and right after them, where one that the mirror missed would be. */
function idsToCheck(known: readonly number[]): Set<number> {
  const newest = known.reduce((a, b) => Math.max(a, b), 0)
  const ids = new Set(known)
  for (let id = 1; id <= newest + 1 && ids.size < known.length + UNKNOWN_IDS; id++) ids.add(id)
  return ids.add(newest + 1)
}

/** Undefined when the contract has no such function: it reverts, or answers nothing. */
async function ifAnswered<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call
  } catch (error) {
    const isNoFunction = (cause: unknown) =>
      cause instanceof ContractFunctionRevertedError || cause instanceof ContractFunctionZeroDataError
    if (error instanceof BaseError && error.walk(isNoFunction) !== null) return undefined
    throw error
  }
}
