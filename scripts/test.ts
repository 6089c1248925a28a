import { randomUUID } from 'node:crypto'
import { chmod, glob, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildContracts, buildWeb } from './local/build.ts'
import { LocalError } from './local/local-error.ts'
import { printSteps } from './local/steps.ts'
import { startBrowserStage } from './testing/browser-stage.ts'
import { runChecks } from './testing/checks.ts'
import { runContractTests } from './testing/contract-tests.ts'
import { endLeftBehind, RUN_VARIABLE } from './testing/left-behind.ts'
import { runNodeTests } from './testing/node-tests.ts'
import { endPrograms, root } from './testing/program.ts'
import { startTestDatabase } from './testing/test-database.ts'

const HELP = `npm test: lint, types, contract tests, unit and integration tests on a real database and chain, browser tests.

  npm test -- api/kyc/kyc.test.ts web/e2e   only these files or folders, without the checks
  npm test -- --no-browser                  everything but the browser tests
  npm test -- --help                        this text

CHROMIUM_PATH names the browser to use.`

const steps = printSteps(process.stderr)
const stops: (() => Promise<void>)[] = []
const interrupted = new AbortController()
const total = { passed: 0, failed: 0 }

async function main() {
  const options = { browser: { type: 'boolean', default: true }, help: { type: 'boolean' } } as const
  const { values, positionals } = parseArgs({ options, allowPositionals: true, allowNegative: true })
  if (values.help) return console.log(HELP)
  const startedAt = Date.now()
  const files = await testFiles(positionals)
  const isAll = positionals.length === 0
  if (isAll) await stage('Checks', () => runChecks(steps))
  await stage('Builds', build)
  if (files.contracts.length > 0) await stage('Contract tests', () => runContractTests(isAll ? [] : files.contracts))
  if (files.node.length > 0) {
    await stage('Unit and integration tests', async () => {
      process.env.TEST_DATABASE_URL = await database()
      return runNodeTests(files.node, Math.max(2, availableParallelism() - 1), interrupted.signal)
    })
  }
  if (files.browser.length > 0 && values.browser) {
    await stage('Browser tests', async () => {
      const browserStage = await startBrowserStage(steps)
      stops.push(browserStage.stop)
      Object.assign(process.env, browserStage.env)
      return runNodeTests(files.browser, 1, interrupted.signal)
    })
  }
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  steps.say(`Took ${seconds} s`)
  // What `npm run bench:smoke` shows.
  if (isAll && !interrupted.signal.aborted) await writeFile(join(root, 'artifacts', '.last-test.json'), JSON.stringify({ seconds }))
}

/** Here, once: tests that bring up a platform side by side would all build it. */
async function build() {
  await buildContracts()
  await buildWeb()
  return { passed: 0, failed: 0 }
}

async function stage(title: string, work: () => Promise<{ passed: number; failed: number }>) {
  if (interrupted.signal.aborted) return
  try {
    add(await steps.run(title, work, ({ failed }) => failed > 0))
  } catch (error) {
    total.failed++
    console.error(error instanceof LocalError ? `error: ${error.message}` : error)
  }
}

function add(counts: { passed: number; failed: number }) {
  total.passed += counts.passed
  total.failed += counts.failed
}

async function database(): Promise<string> {
  const { url, stop } = await startTestDatabase(steps.warn)
  stops.push(stop)
  return url
}

/** The test files under the given paths (everything when none is given), by who runs them. */
async function testFiles(paths: string[]) {
  const wanted = paths.map((path) => relative(root, resolve(path)))
  const all: string[] = []
  for await (const file of glob('{api,common,contracts,indexer,sandbox,scripts,web,bench}/**/*.{test.ts,test.mjs,t.sol}', { cwd: root })) {
    if (file.includes('node_modules')) continue
    if (wanted.length === 0 || wanted.some((path) => file === path || file.startsWith(`${path}/`))) all.push(file)
  }
  if (all.length === 0) throw new LocalError(`There is no test under ${wanted.join(', ')}.`)
  all.sort()
  return {
    contracts: all.filter((file) => file.startsWith('contracts/')),
    browser: all.filter((file) => file.startsWith('web/e2e/')).map((file) => join(root, file)),
    node: all.filter((file) => !file.startsWith('contracts/') && !file.startsWith('web/e2e/')).map((file) => join(root, file)),
  }
}

async function cleanUp() {
  endPrograms()
  for (const stop of stops.splice(0).reverse()) await stop().catch((error: Error) => steps.warn(error.message))
  endLeftBehind(run)
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 })
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (interrupted.signal.aborted) return
    interrupted.abort()
    steps.warn('Stopping and cleaning up')
    void cleanUp().then(() => process.exit(130))
  })
}
const run = randomUUID()
process.env[RUN_VARIABLE] = run
// What tests leave in the temporary folder goes with this run.
const scratch = await mkdtemp(join(tmpdir(), 'terra-tests-'))
await chmod(scratch, 0o755)
process.env.TMPDIR = scratch
try {
  await main()
} catch (error) {
  total.failed++
  console.error(error instanceof LocalError ? `error: ${error.message}` : error)
} finally {
  await cleanUp()
}
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
