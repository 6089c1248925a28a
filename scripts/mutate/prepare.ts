import { rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LocalError } from '../local/local-error.ts'
import { type CompileThread, startCompileThread } from './compile-thread.ts'
import type { CompilerInput } from './compiler.ts'
import type { Job } from './job.ts'
import {
  compileAll,
  configure,
  copyWorkspace,
  listFiles,
  openWorkspace,
  PIPELINES,
  type Pipeline,
  readReport,
  runMocha,
  runSolidityTests,
  takeCompilerInput,
} from './workspace.ts'

export interface Prepared {
  pipeline: Pipeline
  input: CompilerInput
  secondsByTest: Map<string, number>
  /** Makes the folders of one more job. */
  openJob(name: string): Promise<Job>
  close(): Promise<void>
}

/** A run is given this much more time than the untouched contracts need. */
const PATIENCE = 3
const SPARE_MS = 30_000

/**
 * Copies the contracts, finds the quickest pipeline by which every test holds, and how long each test file takes.
 * `onlyTests`: mocha tests whose path contains one of these words (split by commas), and none in Solidity.
 */
export async function prepare(root: string, say: (text: string) => void, onlyTests = ''): Promise<Prepared> {
  const folder = await openWorkspace(root)
  const folders = [folder]
  const threads: CompileThread[] = []
  const removeFolders = () => {
    for (const one of folders) rmSync(one, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', removeFolders)
  const tests = (await listFiles(root, 'contracts/**/*.test.ts')).filter((test) => onlyTests.split(',').some((part) => test.includes(part)))
  const hasSolidityTests = onlyTests === '' && (await listFiles(root, 'contracts/**/*.t.sol')).length > 0
  const { pipeline, input, secondsByTest, mochaMs, solidityMs } = await findBaseline(folder, tests, hasSolidityTests)
  say(`${tests.length} test files hold on the untouched contracts (${pipeline.name})`)
  const deployed = await deployedNames(root, tests)
  return {
    pipeline,
    input,
    secondsByTest,
    async openJob(name) {
      const copies = { folder: await copyWorkspace(folder, name), solidityFolder: await copyWorkspace(folder, `${name}-solidity`) }
      folders.push(...Object.values(copies))
      const compiler = startCompileThread({ input, deployed })
      threads.push(compiler)
      const solidityTimeoutMs = solidityMs === undefined ? undefined : PATIENCE * solidityMs + SPARE_MS
      return { ...copies, compiler, mochaTimeoutMs: PATIENCE * mochaMs + SPARE_MS, solidityTimeoutMs }
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.close()))
      removeFolders()
    },
  }
}

interface Baseline {
  pipeline: Pipeline
  input: CompilerInput
  secondsByTest: Map<string, number>
  mochaMs: number
  solidityMs: number | undefined
}

/** @throws LocalError when the untouched contracts don't compile, or a test doesn't hold on them */
async function findBaseline(folder: string, tests: string[], hasSolidityTests: boolean): Promise<Baseline> {
  const pipeline = await findPipeline(folder)
  const startedAt = Date.now()
  const solidity = hasSolidityTests ? await runSolidityTests(folder) : undefined
  if (solidity !== undefined && solidity.code !== 0) throw notHolding(solidity.output.slice(-1500))
  const solidityMs = Date.now() - startedAt
  const input = await takeCompilerInput(folder)
  const report = join(folder, 'mocha.json')
  const mocha = await runMocha(folder, tests, report)
  if (mocha.code !== 0) throw notHolding((await firstFailure(report)) ?? mocha.output.slice(-1500))
  const mochaMs = Date.now() - startedAt - solidityMs
  return { pipeline, input, secondsByTest: await secondsByTest(report, folder, tests), mochaMs, solidityMs: solidity && solidityMs }
}

/** The first by which the contracts compile, with what it made of them. */
async function findPipeline(folder: string): Promise<Pipeline> {
  const problems: string[] = []
  for (const pipeline of PIPELINES) {
    await configure(folder, pipeline)
    const { code, output } = await compileAll(folder)
    if (code === 0) return pipeline
    problems.push(`${pipeline.name}: ${output.slice(-3000)}`)
  }
  throw new LocalError(`The contracts don't compile.\n${problems.join('\n\n')}`)
}

function notHolding(what: string): LocalError {
  return new LocalError(`A test doesn't hold on the untouched contracts: ${what}`)
}

async function firstFailure(report: string): Promise<string | undefined> {
  const first = (await readReport(report))?.failed[0]
  return first && `"${first.name}": ${first.message}`
}

async function secondsByTest(report: string, folder: string, tests: string[]): Promise<Map<string, number>> {
  const seconds = new Map(tests.map((test) => [test, 0]))
  for (const { file, duration } of (await readReport(report))?.passed ?? []) {
    const test = file.slice(folder.length + 1)
    seconds.set(test, (seconds.get(test) ?? 0) + (duration ?? 0) / 1000)
  }
  return seconds
}

/** Names that the tests put in quotes: what they deploy is among them. */
async function deployedNames(root: string, tests: string[]): Promise<string[]> {
  const helpers = await listFiles(root, 'contracts/**/*.ts')
  const texts = await Promise.all([...new Set([...tests, ...helpers])].map((file) => readFile(join(root, file), 'utf8')))
  return [...new Set(texts.flatMap((text) => [...text.matchAll(/['"`]([A-Z]\w+)['"`]/g)].map(([, name]) => name!)))]
}
