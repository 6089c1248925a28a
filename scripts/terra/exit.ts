import type { Address } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import { LEDGER_STATES, type LedgerState } from '../../common/ledger-states.ts'
import type { Db } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { CliError } from './cli-error.ts'
import { type Holder, listHolders, waitMirror } from './mirror.ts'
import type { Progress } from './progress.ts'
import { type Sender, type Sent, send } from './send.ts'

export interface ExitView {
  projectId: number
  state: LedgerState
  /** Where the units go: as announced, or as asked for when nothing is announced yet. */
  dao: Address
  /** Unix second from which the exit may begin; 0 before the announcement. */
  notBefore: number
  minNoticeSeconds: number
  supply: bigint
  /** Units already at the DAO. */
  atDao: bigint
  /** Payout-token base units that each unit has earned, and must have earned before the exit may begin. */
  earnedPerUnit: bigint
  targetPerUnit: bigint
}

export type ExitStep = { step: 'announced' | 'begun' | 'batch' | 'finalised'; sent: Sent; holders?: number; remaining?: bigint }

const ledger = (deployment: Deployment) => ({ address: deployment.ownership as Address, abi: ownershipAbi }) as const

/** Where the exit of a project stands on chain. @throws CliError NOT_FOUND */
export async function readExit(client: Sender['client'], deployment: Deployment, projectId: number, askedDao: Address): Promise<ExitView> {
  const id = BigInt(projectId)
  const contract = ledger(deployment)
  const [project, exit, minNoticeSeconds] = await Promise.all([
    client.readContract({ ...contract, functionName: 'projectOf', args: [id] }),
    client.readContract({ ...contract, functionName: 'exitOf', args: [id] }),
    client.readContract({ ...contract, functionName: 'minNoticeSeconds' }),
  ])
  if (project.state === 0) throw new CliError('NOT_FOUND', `Project ${projectId} is not on chain`, { hint: 'npm run terra -- status' })
  const isAnnounced = exit.notBefore !== 0
  const dao = isAnnounced ? exit.dao : askedDao
  const [atDao, earnedPerUnit] = await Promise.all([
    client.readContract({ ...contract, functionName: 'balanceOf', args: [dao, id] }),
    client.readContract({ ...contract, functionName: 'earnedPerUnitOf', args: [id] }),
  ])
  return {
    projectId,
    state: LEDGER_STATES[project.state]!,
    dao,
    notBefore: exit.notBefore,
    minNoticeSeconds,
    supply: project.supply,
    atDao,
    earnedPerUnit,
    targetPerUnit: project.exitTargetPerUnit,
  }
}

/**
 * Starts the notice. It counts from the block that takes the call, which is later than the newest one: some blocks' time is added,
 * so that the shortest notice is never missed by a second. On a chain that makes no empty blocks only the clock knows how late it is.
 */
export async function announceExit(
  sender: Sender,
  deployment: Deployment,
  view: ExitView,
  noticeSeconds: number,
  now: Date,
): Promise<ExitStep> {
  const newest = await sender.client.getBlock({ blockTag: 'latest' })
  const older = await sender.client.getBlock({ blockNumber: newest.number > 10n ? newest.number - 10n : 0n })
  const slackSeconds = Math.min(120, Math.max(6, Math.ceil(Number(newest.timestamp - older.timestamp) / 3)))
  const startsAt = Math.max(Number(newest.timestamp), Math.floor(now.getTime() / 1000))
  const notBefore = startsAt + Math.max(noticeSeconds, view.minNoticeSeconds + slackSeconds)
  const sent = await send(sender, {
    ...ledger(deployment),
    functionName: 'announceExit',
    args: [BigInt(view.projectId), view.dao, notBefore],
  })
  return { step: 'announced', sent }
}

/** Stops transfers for ever. The deed that can't be taken back. */
export async function beginExit(sender: Sender, deployment: Deployment, projectId: number): Promise<ExitStep> {
  return { step: 'begun', sent: await send(sender, { ...ledger(deployment), functionName: 'beginExit', args: [BigInt(projectId)] }) }
}

/**
 * Moves every holder's units to the DAO in batches, then ends the exit. Killed anywhere, the next run goes on: a holder
 * already moved is passed over by the contract, and the end is possible only when nobody is left out.
 * @throws CliError MIRROR_BEHIND when the mirror knows too few holders
 */
export async function moveHolders(
  db: Db,
  sender: Sender,
  deployment: Deployment,
  view: ExitView,
  batchSize: number,
  progress: Progress,
  onStep: (step: ExitStep) => void,
): Promise<void> {
  await waitMirror(db, await sender.client.getBlockNumber({ cacheTime: 0 }), progress)
  const holders = holdersOutside(await listHolders(db, view.projectId), view.dao)
  const contract = ledger(deployment)
  const readRemaining = async () =>
    view.supply - (await sender.client.readContract({ ...contract, functionName: 'balanceOf', args: [view.dao, BigInt(view.projectId)] }))
  for (let start = 0; start < holders.length; start += batchSize) {
    progress.advance(start, holders.length, 'Moving holders to the DAO')
    const batch = holders.slice(start, start + batchSize).map(({ holder }) => holder)
    const sent = await send(sender, { ...contract, functionName: 'exitBatch', args: [BigInt(view.projectId), batch] })
    onStep({ step: 'batch', sent, holders: batch.length, remaining: await readRemaining() })
  }
  progress.advance(holders.length, holders.length, 'Moving holders to the DAO')
  const remaining = await readRemaining()
  if (remaining !== 0n) {
    throw new CliError('MIRROR_BEHIND', `${remaining} units are with holders the mirror does not know`, {
      hint: 'run terra verify, then this command again',
      details: { remaining },
    })
  }
  onStep({ step: 'finalised', sent: await send(sender, { ...contract, functionName: 'finalizeExit', args: [BigInt(view.projectId)] }) })
}

export function holdersOutside(holders: Holder[], dao: Address): Holder[] {
  return holders.filter(({ holder }) => holder.toLowerCase() !== dao.toLowerCase())
}

/** @throws CliError STATE when what the holders were promised to earn first has not been paid out */
export function requireTarget(view: ExitView): void {
  if (view.earnedPerUnit >= view.targetPerUnit) return
  throw new CliError('STATE', `Each unit has earned ${view.earnedPerUnit} of the ${view.targetPerUnit} base units due before an exit`, {
    hint: 'distribute returns until the target is met, or buy the holders out in the vault; both prices were fixed when the project was created',
    details: { earnedPerUnit: view.earnedPerUnit, targetPerUnit: view.targetPerUnit },
  })
}
