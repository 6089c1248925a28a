import { BaseError, ContractFunctionRevertedError, ContractFunctionZeroDataError, type PublicClient } from 'viem'
import { ownershipAbi } from '../common/abi.ts'
import type { Db } from '../common/node/db.ts'
import { countPairs, type MirrorState, type Pair, readPairs } from './verify-mirror.ts'
import { inParallel } from './verify-parallel.ts'
import type { Findings } from './verify-types.ts'

const PAIRS_PER_CALL = 500
/** Project ids are a sequence; should they have wide gaps, no more of these are asked for. */
const UNKNOWN_IDS = 1_000

export interface BalanceOptions {
  checksClaims: boolean
  onProgress: (done: number, total: number, what: string) => void
}

/**
 * Holds every pair and every project of the mirror against the contract at the mirror's final block. Of a plain ERC-1155 contract
 * there are balances, and supplies where it can tell them.
 * @returns how many pairs were compared
 */
export async function checkBalances(
  client: PublicClient,
  db: Db,
  mirror: MirrorState,
  findings: Findings,
  options: BalanceOptions,
): Promise<number> {
  const ledger = { address: mirror.contract, abi: ownershipAbi, blockNumber: mirror.block } as const
  const isLedger = (await ifAnswered(client.readContract({ ...ledger, functionName: 'projectOf', args: [0n] }))) !== undefined
  const total = await countPairs(db, mirror.block)
  const sums = new Map<number, bigint>()
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
    const { state, supply, holders, epoch } = await client.readContract({ ...ledger, functionName: 'projectOf', args: [BigInt(projectId)] })
    findings.check('project', projectId, null, state !== 0, known?.isCreated ?? false)
    if (known === undefined || (state === 0 && !known.isCreated)) return
    findings.check('supply', projectId, null, supply, known.units)
    findings.check('holders', projectId, null, holders, known.holders)
    findings.check('epoch', projectId, null, epoch, known.epoch)
  }

  async function checkPlainSupply([projectId, { units }]: [number, { units: string }]) {
    const supply = await ifAnswered(client.readContract({ ...ledger, functionName: 'totalSupply', args: [BigInt(projectId)] }))
    findings.check('supply', projectId, null, supply ?? sums.get(projectId) ?? 0n, units)
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
  if (!isLedger) await inParallel(mirror.projects, checkPlainSupply)
  return total
}

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
