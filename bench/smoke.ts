import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { openPool } from '../common/node/db.ts'
import { readLocalFile } from '../scripts/local/local-file.ts'
import { randomPorts } from '../scripts/local/ports.ts'
import { formatTable } from '../scripts/terra/table.ts'
import { runNpmStart } from './npm-start.ts'
import { measurePayments } from './payment-to-feed.ts'
import { percentile } from './percentile.ts'
import { memoryOfTree } from './process-memory.ts'

const HELP = `Prints the figures of the README's table, measured on this machine with a stack of its own.

  npm run bench:smoke [-- --json] [-- --investments 20]
`

interface Figure {
  figure: string
  target: string
  measured: string
  isMet: boolean | null
}

const root = join(import.meta.dirname, '..')
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    investments: { type: 'string', default: '20' },
  },
})
if (values.help) process.stdout.write(HELP)
else await main(Number(values.investments))

async function main(count: number) {
  const folder = await mkdtemp(join(tmpdir(), 'terra-bench-'))
  await chmod(folder, 0o711)
  try {
    const figures = [...(await measureStack(folder, count)), await measureLanding(), await readTestTime()]
    if (values.json) console.log(JSON.stringify({ cores: availableParallelism(), memoryBytes: totalmem(), figures }))
    else
      console.log(
        formatTable(
          ['Figure', 'Target', 'Measured', ''],
          figures.map(({ figure, target, measured, isMet }) => [figure, target, measured, isMet === null ? '' : isMet ? 'met' : 'MISSED']),
        ),
      )
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function measureStack(folder: string, count: number): Promise<Figure[]> {
  const ports = await randomPorts()
  say('Starting a new stack and seeding it')
  const cold = await runNpmStart(folder, ports)
  await cold.stop()
  say('Starting it again')
  const warm = await runNpmStart(folder, ports)
  const local = readLocalFile(folder)!
  const db = openPool(local.databaseUrl, { max: 2, name: 'terra-bench' })
  try {
    say(`Making ${count} investments`)
    const latencies = await measurePayments(local.webUrl, db, count, (done) => say(`  ${done} of ${count}`))
    const used = (await memoryOfTree(warm.pid)).reduce((sum, { bytes }) => sum + bytes, 0)
    const [p50, p95] = [percentile(latencies, 0.5) / 1000, percentile(latencies, 0.95) / 1000]
    return [
      { figure: 'First npm start, world seeded', target: '', measured: `${(cold.readyMs / 1000).toFixed(1)} s`, isMet: null },
      {
        figure: 'Warm npm start to ready',
        target: '≤ 20 s',
        measured: `${(warm.readyMs / 1000).toFixed(1)} s`,
        isMet: warm.readyMs <= 20_000,
      },
      {
        figure: `Webhook to units in the feed, p95 of ${latencies.length}`,
        target: '≤ 8 s',
        measured: `${p95.toFixed(1)} s`,
        isMet: p95 <= 8,
      },
      { figure: '  the same, p50', target: '', measured: `${p50.toFixed(1)} s`, isMet: null },
      { figure: 'Whole stack in memory', target: '≤ 1.5 GB', measured: `${(used / 1e9).toFixed(2)} GB`, isMet: used <= 1.5e9 },
    ]
  } finally {
    await db.end()
    await warm.stop()
  }
}

/** The web app's own count of what its landing route loads. */
async function measureLanding(): Promise<Figure> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'web', 'sizes.ts'), '--json'])
  const kibibytes = (JSON.parse(stdout) as { landingGzipBytes: number }).landingGzipBytes / 1024
  return { figure: 'Landing route JavaScript, gzip', target: '≤ 110 KiB', measured: `${kibibytes.toFixed(1)} KiB`, isMet: kibibytes <= 110 }
}

/** What the last whole `npm test` on this machine took; it is far too long to run here. */
async function readTestTime(): Promise<Figure> {
  const figure = { figure: 'npm test', target: '≤ 10 min' }
  const text = await readFile(join(root, 'artifacts', '.last-test.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return { ...figure, measured: 'not run yet', isMet: null }
  const { seconds } = JSON.parse(text) as { seconds: number }
  return { ...figure, measured: `${Math.floor(seconds / 60)} min ${seconds % 60} s`, isMet: seconds <= 600 }
}

function say(text: string) {
  process.stderr.write(`${text}\n`)
}
