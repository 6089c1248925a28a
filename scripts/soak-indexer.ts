import { parseArgs } from 'node:util'
import { findGrowth, soakHead } from '../indexer/simulator/head-soak.ts'
import { MUTANTS } from '../indexer/simulator/mutants.ts'
import { createRandom } from '../indexer/simulator/random.ts'
import { playRounds } from '../indexer/simulator/rounds.ts'
import { playScenario } from '../indexer/simulator/scenarios.ts'
import { bite } from '../indexer/simulator/teeth.ts'
import { openProgress } from './terra/progress.ts'
import { formatTable } from './terra/table.ts'
import { startTestDatabase } from './testing/test-database.ts'

const HELP = `Plays the simulated chain against the indexer for a night: reorganisations, kills, faults, planted bugs.

  npm run soak:indexer -- [--rounds 10000] [--seed N] [--hours 1] [--teeth] [--json] [--help]

  --rounds N   Rounds of reorganisations to depth 256; after each the mirror is compared, every 100th time with a fresh index (10000)
  --seed N     Repeats a run; a failure says which to give
  --hours H    Instead of rounds: follow a head for so long; fails when memory in use after a collection, or the time to a block, grew
               after the first minute
  --rate N     Blocks a second of that head (10)
  --deaths     Instead of rounds: kill the process, cut the database at every statement, restart it, play every fault, singly and in pairs
  --teeth      Instead of rounds: plant every bug of the list and count how many turn the simulator red

With TEST_DATABASE_URL that server is used, else one of its own that is thrown away. Exit code 1 when anything is not as it has to be.
`

/** One chain grows no longer than this: the comparisons would. */
const ROUNDS_OF_A_CHAIN = 500

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10000' },
    seed: { type: 'string' },
    hours: { type: 'string' },
    rate: { type: 'string', default: '10' },
    deaths: { type: 'boolean', default: false },
    teeth: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
async function main(): Promise<number> {
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9))
  const progress = openProgress(process.stderr, { steps: true })
  const interrupted = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort())
  const own = process.env.TEST_DATABASE_URL ? undefined : await startTestDatabase((sentence) => progress.step(sentence))
  if (own !== undefined) process.env.TEST_DATABASE_URL = own.url
  progress.step(`SEED=${seed}`)
  try {
    const work = values.teeth ? teeth : values.deaths ? deaths : values.hours === undefined ? rounds : head
    const { isGood, table, ...summary } = await work(seed, progress, interrupted.signal)
    console.log(values.json ? JSON.stringify({ seed, isGood, ...summary }) : table)
    return isGood ? 0 : 1
  } catch (error) {
    progress.stop()
    console.error((error as Error).message)
    return 1
  } finally {
    progress.stop()
    await own?.stop()
  }
}

type Work = (
  seed: number,
  progress: ReturnType<typeof openProgress>,
  signal: AbortSignal,
) => Promise<{ isGood: boolean; table: string } & Record<string, unknown>>

const rounds: Work = async (seed, progress, signal) => {
  const wanted = Number(values.rounds)
  const startedAt = performance.now()
  const total = { rounds: 0, reorgs: 0, blocksUndone: 0, deepest: 0, comparisons: 0 }
  for (let chain = 0; total.rounds < wanted && !signal.aborted; chain++) {
    const before = total.rounds
    const result = await playRounds(createRandom(seed + chain), {
      seed: seed + chain,
      rounds: Math.min(ROUNDS_OF_A_CHAIN, wanted - before),
      compareEvery: 100,
      signal,
      onRound: (done) => progress.advance(before + done, wanted, 'Reorganisations'),
    })
    for (const key of ['rounds', 'reorgs', 'blocksUndone', 'comparisons'] as const) total[key] += result[key]
    total.deepest = Math.max(total.deepest, result.deepest)
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000)
  const row = [total.rounds, total.reorgs, total.deepest, total.blocksUndone, total.comparisons, seconds].map(String)
  const table = formatTable(['Rounds', 'Reorganisations', 'Deepest', 'Blocks undone', 'Fresh indexes', 'Seconds'], [row])
  return { isGood: total.rounds >= wanted, table, ...total, seconds }
}

const head: Work = async (seed, progress, signal) => {
  const seconds = Math.round(Number(values.hours) * 3600)
  const result = await soakHead(createRandom(seed), {
    seconds,
    blocksPerSecond: Number(values.rate),
    signal,
    onSample: ({ second, bytes, liveBytes, latencyMs }) =>
      progress.advance(second, seconds, `Following the head, ${megabytes(liveBytes)} of ${megabytes(bytes)} in use, ${latencyMs} ms,`),
  })
  const { early, late } = result
  const grown = findGrowth(result)
  const rows = [
    ['in use', megabytes(early.liveBytes), megabytes(late.liveBytes)],
    ['resident', megabytes(early.bytes), megabytes(late.bytes)],
    ['time to a block', `${early.latencyMs} ms`, `${late.latencyMs} ms`],
  ]
  const played = `${result.blocks} blocks and ${result.reorgs} reorganisations in ${result.seconds} seconds`
  const table = [formatTable(['', 'Early', 'Late'], rows), played, ...grown].join('\n')
  // Cut short, it proves nothing.
  return { isGood: grown.length === 0 && !signal.aborted, table, ...result, grown }
}

const deaths: Work = async (seed, progress) => {
  const plays = [
    ['kills', 60],
    ['restarts', 60],
    ['cuts', 1],
    ['tears', 1],
    ['faults', 1],
    ['pairs', 200],
  ] as const
  const results: Record<string, unknown> = {}
  for (const [name, count] of plays) {
    progress.step(`Playing ${name}`)
    results[name] = await playScenario(name, { seed, rounds: count })
  }
  return { isGood: true, table: JSON.stringify(results, null, 2), ...results }
}

const teeth: Work = async (seed, progress, signal) => {
  // A scenario that is red without a bug says nothing about one.
  const controls = new Map<string, boolean>()
  const rows: string[][] = []
  let score = 0
  for (const mutant of MUTANTS) {
    if (signal.aborted) break
    progress.advance(rows.length, MUTANTS.length, 'Planted bugs')
    const scenario = mutant.scenario.join(' ')
    if (!controls.has(scenario)) controls.set(scenario, !(await bite(undefined, mutant.scenario, seed)).isRed)
    const { isRed, seconds } = await bite(mutant, mutant.scenario, seed)
    const isSound = controls.get(scenario)!
    if (isRed && isSound) score++
    rows.push([mutant.name, isSound ? (isRed ? 'red' : 'GREEN') : 'RED WITHOUT IT', `${seconds} s`])
  }
  const table = `${formatTable(['Planted bug', 'Simulator', 'Time'], rows)}\n${score} of ${MUTANTS.length} noticed`
  return { isGood: score === MUTANTS.length, table, score, of: MUTANTS.length, rows }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}

if (values.help) process.stdout.write(HELP)
else process.exitCode = await main()
