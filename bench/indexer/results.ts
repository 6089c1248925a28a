import type { HeadFigures } from './measure-head.ts'
import type { ReadFigures } from './measure-reads.ts'
import type { SnapshotFigures } from './measure-snapshots.ts'
import type { Conditions, Run } from './run-contestant.ts'

/** One contestant's run, or why there is none. */
export type Outcome = { contestant: string; run: Run } | { contestant: string; reason: string }

/** Everybody on one chain under one condition, ours first. */
export interface Race {
  conditions: Conditions
  transfers: number
  outcomes: Outcome[]
}

/** Everything one call of the bench measured; parts that were not asked for are left out. */
export interface Results {
  backfill?: Race
  limits?: Race
  /** Ours alone, on the whole chain under a provider's conditions. */
  limitsWhole?: Race
  memory?: Race[]
  head?: HeadFigures
  /** What is made in the background before the reads. */
  snapshots?: SnapshotFigures
  reads?: ReadFigures[]
  /** The balances of the longest chain against those that SQL makes of its raw logs. */
  rawBalances?: { transfers: number; differences: string[] }
}

export function runOf(race: Race | undefined, contestant: string): Run | undefined {
  const outcome = race?.outcomes.find((one) => one.contestant === contestant)
  return outcome !== undefined && 'run' in outcome ? outcome.run : undefined
}
