import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { LocalError } from './local/local-error.ts'
import { openCompiler } from './mutate/compiler.ts'
import { readExplanations } from './mutate/explained.ts'
import { findMutants, orderMutants } from './mutate/mutants.ts'
import { prepare } from './mutate/prepare.ts'
import { formatByOperator, formatSurvivors, percentOf, scoreOf } from './mutate/report.ts'
import { orderTests, runMutants, type Tried } from './mutate/run-mutants.ts'

const HELP = `npm run mutate:contracts: do the contract tests notice when a contract is broken?

Breaks a copy of the contracts in one place at a time (a comparison flipped, a check or an event dropped, arguments exchanged …), runs the
tests until one fails, and prints what no test noticed. Exit code 1 when less than 95 % were noticed, or when one that wasn't has no
explanation in contracts/test/mutants.md. All results: artifacts/mutation.json.

  --count 100      how many mutants; "all" for every one
  --seed 7         which ones
  --file Exits     only files whose path contains this (or one of these: Exits,vault/)
  --id 1a2b3c4d    only this one
  --tests exits    only mocha tests whose path contains this, likewise
  --jobs 2         how many at a time
  --threshold 95   percent that must be noticed
  --list           print the mutants instead of trying them`

const root = join(import.meta.dirname, '..')
const EXPLAINED = join(root, 'contracts', 'test', 'mutants.md')

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '100' },
    seed: { type: 'string', default: '7' },
    file: { type: 'string' },
    id: { type: 'string' },
    tests: { type: 'string' },
    jobs: { type: 'string', default: String(Math.max(1, Math.min(4, availableParallelism()))) },
    threshold: { type: 'string', default: '95' },
    list: { type: 'boolean' },
    help: { type: 'boolean' },
  },
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    console.error(`Ended by ${signal}`)
    process.exit(130)
  })
}
if (values.help) console.log(HELP)
else process.exitCode = await main().catch(fail)

async function main(): Promise<number> {
  const startedAt = Date.now()
  const explanations = readExplanations(await readFile(EXPLAINED, 'utf8').catch(() => ''))
  const prepared = await prepare(root, say, values.tests)
  try {
    const { files } = openCompiler(prepared.input, () => false)
    const found = files
      .filter(({ file }) => (values.file ?? '').split(',').some((part) => file.includes(part)))
      .flatMap(findMutants)
      .filter(({ id }) => values.id === undefined || id === values.id)
    const ordered = orderMutants(found, Number(values.seed))
    const count = Math.min(values.count === 'all' ? Number.POSITIVE_INFINITY : Number(values.count), ordered.length)
    say(`${found.length} possible mutants in ${new Set(found.map(({ file }) => file)).size} files; seed ${values.seed}`)
    if (values.list) {
      for (const { id, file, line, operator, before, after } of ordered.slice(0, count))
        say(`${id}  ${file}:${line}  ${operator}\n  - ${before}\n  + ${after}`)
      return 0
    }
    const jobs = await Promise.all(Array.from({ length: Number(values.jobs) }, (_, index) => prepared.openJob(`job-${index}`)))
    const all = await runMutants(ordered, count, jobs, orderTests(prepared.secondsByTest), tellProgress(count))
    return await report(all, startedAt, explanations)
  } finally {
    await prepared.close()
  }
}

function fail(error: unknown): number {
  console.error(error instanceof LocalError ? `error: ${error.message}` : error)
  return 1
}

function tellProgress(count: number): (tried: Tried) => void {
  const startedAt = Date.now()
  const digits = String(count).length
  let [done, killed] = [0, 0]
  return ({ mutant, outcome }) => {
    if (outcome.state === 'invalid') return
    done++
    if (outcome.state === 'killed') killed++
    const left = Math.round(((Date.now() - startedAt) / 1000 / done) * (count - done))
    const place = `${mutant.file}:${mutant.line}  ${mutant.operator}`
    const what =
      outcome.state === 'killed' ? `✔ ${place}  by "${outcome.by?.test}"` : `✘ ${place}  SURVIVED: ${mutant.before} → ${mutant.after}`
    say(`${String(done).padStart(digits)}/${count}  ${((100 * killed) / done).toFixed(1)} %  ${left} s left  ${what}`)
  }
}

async function report(all: Tried[], startedAt: number, explanations: ReturnType<typeof readExplanations>): Promise<number> {
  const score = scoreOf(all, explanations)
  const percent = percentOf(score)
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  await mkdir(join(root, 'artifacts'), { recursive: true })
  const summary = {
    seed: Number(values.seed),
    seconds,
    percent,
    killed: score.killed,
    counted: score.counted,
    equivalent: score.equivalent,
  }
  const mutants = all.map(({ mutant: { edit: _edit, ...mutant }, outcome }) => ({ ...mutant, ...outcome }))
  await writeFile(join(root, 'artifacts', 'mutation.json'), `${JSON.stringify({ ...summary, mutants }, undefined, 2)}\n`)
  say(`\n${formatByOperator(all)}\n`)
  if (score.survivors.length > 0) say(`Nobody noticed:\n${formatSurvivors(score, explanations)}\n`)
  const equivalent = score.equivalent === 0 ? '' : `; ${score.equivalent} more can't be told from the original`
  say(`${score.killed} of ${score.counted} mutants killed: ${percent.toFixed(1)} %${equivalent}. Seed ${values.seed}, ${seconds} s.`)
  if (score.unexplained.length > 0) say(`${score.unexplained.length} survivors are not explained in contracts/test/mutants.md.`)
  return percent < Number(values.threshold) || score.unexplained.length > 0 ? 1 : 0
}

function say(text: string): void {
  console.log(text)
}
