import { formatTable } from '../../scripts/terra/table.ts'
import { OURS } from './contestants.ts'
import { type Gate, show } from './gates.ts'
import { type Outcome, type Race, type Results, runOf } from './results.ts'

const HEADINGS = ['contestant', 's', 'to its end', 'transfers/s', 'ours ×', 'peak MB', 'CPU s', 'calls', 'MB read', 'elsewhere', 'right']

/** All that was measured, as tables for people. */
export function formatResults(
  { backfill, limits, limitsWhole, memory, head, snapshots, reads, rawBalances }: Results,
  gates: readonly Gate[],
): string {
  const parts = [backfill, limits, limitsWhole].filter((race) => race !== undefined).map(formatRace)
  if (memory !== undefined) {
    const rows = memory.map((race) => cells(race, race.outcomes[0]!).with(0, show(race.transfers)))
    parts.push(section('Ours, by transfers', ['transfers', ...HEADINGS.slice(1)], rows))
  }
  if (head !== undefined) {
    const row = [head.blocks, head.p50Ms, head.p99Ms, head.worstMs, head.missing].map(show)
    parts.push(
      section(`Head, ${1_000 / head.everyMs} blocks a second, block to row`, ['blocks', 'p50 ms', 'p99 ms', 'worst ms', 'missing'], [row]),
    )
  }
  if (snapshots !== undefined) {
    const { count, seconds, cpuSeconds, databaseCpuSeconds, sizeMb, transfersMb } = snapshots
    const row = [count, seconds, cpuSeconds, databaseCpuSeconds, sizeMb, transfersMb].map(show)
    const headings = ['snapshots', 's', 'CPU s', 'database CPU s', 'MB', 'MB of transfers']
    parts.push(section('Snapshots of holdings, made beside the head', headings, [row]))
  }
  if (reads !== undefined) {
    const rows = reads.map(({ question, count, p50Ms, p95Ms, worstMs }) => [question, ...[count, p50Ms, p95Ms, worstMs].map(show)])
    parts.push(section(`Reads at ${show(reads[0]!.transfers)} transfers`, ['question', 'asked', 'p50 ms', 'p95 ms', 'worst ms'], rows))
  }
  if (rawBalances !== undefined && rawBalances.differences.length > 0)
    parts.push(['Balances that raw logs say otherwise', ...rawBalances.differences].join('\n'))
  const verdicts = gates.map(({ figure, target, measured, isMet }) => [figure, target, measured, isMet ? 'met' : 'MISSED'])
  parts.push(section('Gates', ['figure', 'target', 'measured', ''], verdicts))
  return parts.join('\n\n')
}

function formatRace(race: Race): string {
  const { latencyMs, hasLimits } = race.conditions
  const title = `${show(race.transfers)} transfers, ${latencyMs} ms latency${hasLimits ? ', provider limits' : ''}`
  const failed = race.outcomes.flatMap((outcome) => ('reason' in outcome ? [`${outcome.contestant} did not run: ${outcome.reason}`] : []))
  const wrong = race.outcomes.flatMap((outcome) =>
    'run' in outcome && outcome.run.wrong.length > 0 ? [`${outcome.contestant} is wrong about ${outcome.run.wrong.join('; ')}`] : [],
  )
  return [
    section(
      title,
      HEADINGS,
      race.outcomes.map((outcome) => cells(race, outcome)),
    ),
    ...failed,
    ...wrong,
  ].join('\n')
}

function cells(race: Race, outcome: Outcome): string[] {
  if ('reason' in outcome) return [outcome.contestant, ...Array(HEADINGS.length - 2).fill('–'), 'did not run']
  const { contestant, seconds, endSeconds, perSecond, peakMb, cpuSeconds, calls, readMb, elsewhereShare, wrong } = outcome.run
  const ours = runOf(race, OURS.title)?.perSecond
  const ratio = ours === undefined || contestant === OURS.title ? '–' : show(ours / perSecond)
  const share = `${Math.round(elsewhereShare * 100)} %`
  const figures = [show(perSecond), ratio, show(peakMb), show(cpuSeconds), show(calls), show(readMb), share]
  return [contestant, show(seconds), endSeconds === undefined ? '–' : show(endSeconds), ...figures, wrong.length === 0 ? 'yes' : 'WRONG']
}

function section(title: string, headings: string[], rows: string[][]): string {
  return `${title}\n${formatTable(headings, rows)}`
}
