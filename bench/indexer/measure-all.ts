import { openPool } from '../../common/node/db.ts'
import { CONTRACT } from './chain/tokens.ts'
import { type Contestant, OURS, type RunDatabase } from './contestants.ts'
import { measureHead } from './measure-head.ts'
import { measureReads } from './measure-reads.ts'
import { measureSnapshots } from './measure-snapshots.ts'
import { compareRawBalances } from './raw-balances.ts'
import type { Outcome, Race, Results } from './results.ts'
import { type Conditions, type Look, medianRun, type Run, runContestant } from './run-contestant.ts'
import type { Chain, Stage } from './stage.ts'

export const PARTS = ['backfill', 'limits', 'memory', 'reads', 'head'] as const
export type Part = (typeof PARTS)[number]

export interface Plan {
  parts: readonly Part[]
  /** Of the backfill; the other parts' chains are a fifth of it, or five times as long. */
  transfers: number
  conditions: Conditions
  peers: readonly Contestant[]
  /** The run in the middle counts. */
  runs: number
  headBlocks: number
}

/** As with a provider on the other side of an ocean. */
const FAR: Conditions = { latencyMs: 100, hasLimits: true }
const NEAR: Conditions = { latencyMs: 0, hasLimits: false }
const HEAD_CHAIN = 20_000

/** Measures what a plan asks for, one after the other. */
export async function measureAll(stage: Stage, plan: Plan): Promise<Results> {
  const { parts, transfers, conditions, peers, runs } = plan
  const [small, large] = [Math.ceil(transfers / 5), transfers * 5]
  const results: Results = {}
  if (parts.includes('backfill')) results.backfill = await race(stage, [OURS, ...peers], transfers, conditions, runs)
  if (parts.includes('limits')) {
    results.limits = await race(stage, [OURS, ...peers], small, FAR, runs)
    results.limitsWhole = await race(stage, [OURS], transfers, FAR, runs)
  }
  if (parts.includes('head'))
    results.head = await measureHead(OURS, stage, await stage.chain(Math.min(transfers, HEAD_CHAIN)), plan.headBlocks)
  if (parts.includes('memory') || parts.includes('reads')) {
    const isWhole = parts.includes('memory')
    const sizes = isWhole ? [small, transfers, large] : [large]
    const races: Race[] = []
    for (const size of sizes) {
      const look = size === large ? lookAtLargest : undefined
      races.push(await race(stage, [OURS], size, NEAR, 1, look))
    }
    if (isWhole) results.memory = races
  }
  return results

  async function lookAtLargest(database: RunDatabase): Promise<void> {
    const { adminUrl } = database
    const chain = await stage.chain(large)
    if (parts.includes('reads')) {
      results.snapshots = await measureSnapshots(OURS, database, stage, chain)
      results.reads = await measureReads(adminUrl, chain, stage)
    }
    results.rawBalances = { transfers: chain.facts.transfers, differences: await askRawLogs(stage, chain, adminUrl) }
  }
}

async function askRawLogs(stage: Stage, { facts, node }: Chain, databaseUrl: string): Promise<string[]> {
  const db = openPool(databaseUrl, { max: 1, name: 'terra-bench' })
  const onProgress = (block: number) => stage.progress.advance(block, facts.head, 'Adding up raw logs: blocks')
  try {
    return await compareRawBalances(db, { nodeUrl: node.url, contract: CONTRACT, facts, holdings: OURS.queries.holdings, onProgress })
  } finally {
    await db.end()
    stage.progress.stop()
  }
}

/** Everybody on one chain, one after the other; one who can't run is told of and nobody else is kept from it. */
async function race(
  stage: Stage,
  contestants: readonly Contestant[],
  transfers: number,
  conditions: Conditions,
  runs: number,
  look?: Look,
): Promise<Race> {
  const chain = await stage.chain(transfers)
  const outcomes: Outcome[] = []
  for (const contestant of contestants) {
    const { title } = contestant
    try {
      const done: Run[] = []
      for (let run = 0; run < runs; run++) done.push(await runContestant(contestant, stage, chain, conditions, look))
      const run = medianRun(done)
      stage.progress.step(`${title}: ${run.seconds.toFixed(1)} s, ${Math.round(run.perSecond).toLocaleString('en')} transfers a second`)
      outcomes.push({ contestant: title, run })
    } catch (error) {
      if (stage.cleanup.isRunning) throw error
      const reason = (error as Error).message
      stage.progress.step(`${title} did not run: ${reason}`)
      outcomes.push({ contestant: title, reason })
    }
  }
  return { conditions, transfers: chain.facts.transfers, outcomes }
}
