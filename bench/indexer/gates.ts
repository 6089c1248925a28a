import { OURS } from './contestants.ts'
import { PEERS } from './peers.ts'
import { type Race, type Results, runOf } from './results.ts'

/** What a figure must be, and what it is. */
export interface Gate {
  figure: string
  target: string
  measured: string
  isMet: boolean
}

/** Programs that somebody would choose for the purpose; the plain loop is what they would write instead. */
const CHOSEN = [PEERS.ponder!.title, PEERS.envio!.title, PEERS.subsquid!.title]

/** The gates whose figures were measured. */
export function judge(results: Results): Gate[] {
  const gates: Gate[] = []
  const atLeast = (figure: string, value: number | undefined, target: number, unit: string) => {
    if (value !== undefined)
      gates.push({ figure, target: `≥ ${show(target)}${unit}`, measured: `${show(value)}${unit}`, isMet: value >= target })
  }
  const atMost = (figure: string, value: number | undefined, target: number, unit: string) => {
    if (value !== undefined)
      gates.push({ figure, target: `≤ ${show(target)}${unit}`, measured: `${show(value)}${unit}`, isMet: value <= target })
  }
  const { backfill, limitsWhole, memory, head, reads } = results
  const ours = runOf(backfill, OURS.title)
  const fastest = Math.max(...CHOSEN.map((title) => runOf(backfill, title)?.perSecond ?? 0))
  const ponder = runOf(backfill, PEERS.ponder!.title)
  atLeast('backfill', ours?.perSecond, 150_000, '/s')
  atLeast('backfill, times the fastest peer', ours && fastest > 0 ? ours.perSecond / fastest : undefined, 15, '×')
  atLeast('backfill, times Ponder', ours && ponder ? ours.perSecond / ponder.perSecond : undefined, 40, '×')
  atLeast('backfill at 100 ms with limits', runOf(limitsWhole, OURS.title)?.perSecond, 90_000, '/s')
  for (const race of memory ?? []) atMost(`memory at ${show(race.transfers)} transfers`, runOf(race, OURS.title)?.peakMb, 350, ' MB')
  if (memory === undefined) atMost('memory', ours?.peakMb, 350, ' MB')
  atMost('block to row, p99', head?.p99Ms, 250, ' ms')
  for (const { question, p95Ms } of reads ?? []) atMost(`${question}, p95`, p95Ms, 20, ' ms')
  const { rawBalances } = results
  if (rawBalances !== undefined) {
    const { transfers, differences } = rawBalances
    const figure = `balances by SQL over raw logs, ${show(transfers)} transfers`
    const isMet = differences.length === 0
    gates.push({ figure, target: 'equal', measured: isMet ? 'equal' : 'other', isMet })
  }
  const races = [backfill, results.limits, limitsWhole, ...(memory ?? [])].filter((race) => race !== undefined)
  if (races.length > 0) gates.push(rightness(races, head?.missing ?? 0))
  return gates
}

/** Whether every result of ours is right to the last transfer and holding. */
function rightness(races: readonly Race[], missing: number): Gate {
  const own = races.flatMap(({ outcomes }) => outcomes.filter(({ contestant }) => contestant === OURS.title))
  const right = own.filter((outcome) => 'run' in outcome && outcome.run.wrong.length === 0).length
  return { figure: 'results right', target: 'all', measured: `${right} of ${own.length}`, isMet: right === own.length && missing === 0 }
}

/** Three digits at most behind which nobody looks. */
export function show(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })
}
