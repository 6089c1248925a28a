import { parseArgs } from 'node:util'
import { buildContracts } from '../scripts/local/build.ts'
import { startBenchChain } from './gas/bench-chain.ts'
import { GATES, missedGates } from './gas/gates.ts'
import { measureOurs } from './gas/measure-ours.ts'
import { measurePeers } from './gas/measure-peers.ts'
import { type Figures, OPERATIONS } from './gas/operations.ts'
import { type Change, findGains, findRegressions, readSnapshot, writeSnapshot } from './gas/snapshot.ts'
import { formatTable } from './gas/table.ts'

const HELP = `npm run bench:gas: gas of every operation that users or operators pay for, beside what the others cost.

  npm run bench:gas               a table; exit code 1 while a figure is above its gate and nobody said why
  npm run bench:gas -- --json     the same as one object
  npm run bench:gas -- --check    also 1 when a figure is more than 0.5 % worse than in bench/gas-snapshot.json
  npm run bench:gas -- --write    writes that file

From receipts on a fresh chain: intrinsic gas and calldata are in, holders are ordinary addresses.`

const names = ['json', 'check', 'write', 'help'] as const
const options = Object.fromEntries(names.map((name) => [name, { type: 'boolean' }])) as Record<(typeof names)[number], { type: 'boolean' }>
const { values } = parseArgs({ options })
if (values.help) console.log(HELP)
else process.exitCode = await main()

async function main(): Promise<number> {
  await buildContracts()
  const figures = await measure()
  const missed = missedGates(figures)
  if (values.json) console.log(JSON.stringify({ figures, gates: GATES, missed }, undefined, 2))
  else console.log(formatTable(figures))
  if (values.write) await writeSnapshot(figures)
  const isWorse = values.check ? !(await check(figures)) : false
  for (const operation of missed) console.error(`Above its gate: ${OPERATIONS[operation]}`)
  return missed.length > 0 || isWorse ? 1 : 0
}

async function measure(): Promise<Figures> {
  const chain = await startBenchChain()
  try {
    const figures = { ours: await measureOurs(chain), ...(await measurePeers(chain)) }
    for (const row of Object.values(figures)) {
      for (const [operation, gas] of Object.entries(row)) Object.assign(row, { [operation]: Math.round(gas) })
    }
    return figures
  } finally {
    await chain.stop()
  }
}

/** Whether nothing got worse than the committed snapshot. */
async function check(figures: Figures): Promise<boolean> {
  const snapshot = await readSnapshot()
  const regressions = findRegressions(snapshot, figures)
  for (const one of regressions) console.error(`Worse than the snapshot: ${describe(one)}`)
  for (const one of findGains(snapshot, figures)) console.error(`Better than the snapshot (--write keeps it): ${describe(one)}`)
  return regressions.length === 0
}

function describe({ figure, before, after }: Change): string {
  return `${figure} ${before ?? 'unknown'} → ${after ?? 'not measured'}`
}
