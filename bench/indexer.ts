import { availableParallelism, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { openProgress } from '../scripts/terra/progress.ts'
import { createCleanup } from './indexer/cleanup.ts'
import { judge } from './indexer/gates.ts'
import { measureAll, PARTS, type Part } from './indexer/measure-all.ts'
import { PEERS } from './indexer/peers.ts'
import { formatResults } from './indexer/report.ts'
import { openStage } from './indexer/stage.ts'

const HELP = `npm run bench:indexer: our indexer and what others use, on the same chain, node and database.

  --only backfill,limits,memory,reads,head   only these parts (all of them)
  --transfers 1000000     length of the chain; limits take a fifth of it besides, memory and reads up to five times as much
  --peers plain,ponder,envio,subsquid        who runs beside ours (all of them); none for ours alone
  --latency 0             milliseconds before every answer, in the backfill
  --limits                a provider's limits on eth_getLogs, in the backfill
  --runs 1                runs of everybody; the one in the middle counts
  --blocks 300            blocks to follow at the head
  --seed 1                of the chain
  --wide-ids              every twentieth token id needs more than 64 bits
  --json                  everything as one object
  --keep                  then keeps the chain, the node and the database up until Ctrl-C: later runs use them
  --help                  this text

Exit code 1 while a gate is missed. All parts take about half an hour on two quiet cores; close what else runs.
`

const text = (value: string) => ({ type: 'string', default: value }) as const
const flag = { type: 'boolean', default: false } as const
const options = {
  only: text(PARTS.join(',')),
  transfers: text('1000000'),
  peers: text(Object.keys(PEERS).join(',')),
  latency: text('0'),
  limits: flag,
  runs: text('1'),
  blocks: text('300'),
  seed: text('1'),
  'wide-ids': flag,
  json: flag,
  keep: flag,
  help: flag,
} as const
const { values } = parseArgs({ options })
if (values.help) process.stdout.write(HELP)
else process.exitCode = await main()

async function main(): Promise<number> {
  const parts = values.only.split(',').map((name) => PARTS.find((part) => part === name) ?? unknown('part', name, PARTS)) as Part[]
  const peers =
    values.peers === 'none' ? [] : values.peers.split(',').map((name) => PEERS[name] ?? unknown('peer', name, Object.keys(PEERS)))
  const transfers = number('transfers')
  const plan = {
    parts,
    peers,
    transfers,
    conditions: { latencyMs: number('latency'), hasLimits: values.limits },
    runs: number('runs'),
    headBlocks: number('blocks'),
  }
  const cleanup = createCleanup()
  const progress = openProgress(process.stderr, { steps: true })
  try {
    const load = loadavg()[0]!
    const stage = await openStage({ seed: number('seed'), wideIds: values['wide-ids'] }, cleanup, progress)
    const results = await measureAll(stage, plan)
    const gates = judge(results)
    const machine = { cores: availableParallelism(), memoryBytes: totalmem(), loadBefore: load }
    console.log(values.json ? JSON.stringify({ machine, results, gates }, undefined, 2) : formatResults(results, gates))
    if (values.keep) await stage.keep(transfers)
    return gates.every(({ isMet }) => isMet) ? 0 : 1
  } catch (error) {
    // After Ctrl-C something is missing everywhere.
    if (cleanup.isRunning) return 130
    throw error
  } finally {
    progress.stop()
    await cleanup.run()
  }
}

function number(name: 'transfers' | 'latency' | 'runs' | 'blocks' | 'seed'): number {
  const value = Number(values[name])
  const lowest = name === 'latency' || name === 'seed' ? 0 : 1
  return Number.isSafeInteger(value) && value >= lowest ? value : end(`--${name} takes a whole number from ${lowest} up`)
}

function unknown(what: string, name: string, known: readonly string[]): never {
  return end(`There is no ${what} "${name}"; there are ${known.join(', ')}`)
}

function end(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(1)
}
