import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CompileThread } from './compile-thread.ts'
import { replaceArtifacts } from './compiler.ts'
import { applyEdit, type Mutant } from './mutants.ts'
import { readReport, runMocha, runSolidityTests } from './workspace.ts'

export interface Job {
  /** For mocha tests: only artifacts change. */
  folder: string
  /** For the tests in Solidity, which compile the source. */
  solidityFolder: string
  compiler: CompileThread
  mochaTimeoutMs: number
  /** Undefined when there are no such tests. */
  solidityTimeoutMs: number | undefined
}

export interface Outcome {
  /** `invalid`: it doesn't compile, so it is no mutant. */
  state: 'killed' | 'survived' | 'invalid'
  /** Test file and name of what failed. */
  by?: { file: string; test: string }
}

/** Breaks the copy, runs the mocha tests in the order given until one fails, then those in Solidity, and mends the copy. */
export async function tryMutant(job: Job, mutant: Mutant, tests: string[]): Promise<Outcome> {
  const path = join(job.solidityFolder, mutant.file)
  const original = await readFile(path, 'utf8')
  const changed = applyEdit(original, mutant.edit)
  const artifacts = await job.compiler.compile(mutant.file, changed)
  if (artifacts === undefined) return { state: 'invalid' }
  const restore = await replaceArtifacts(job.folder, artifacts)
  const byMocha = await failingMocha(job, tests)
  await restore()
  if (byMocha) return { state: 'killed', by: byMocha }
  if (job.solidityTimeoutMs === undefined) return { state: 'survived' }
  await writeFile(path, changed)
  const { code } = await runSolidityTests(job.solidityFolder, job.solidityTimeoutMs)
  await writeFile(path, original)
  return code === 0 ? { state: 'survived' } : { state: 'killed', by: { file: '', test: 'a test in Solidity' } }
}

async function failingMocha({ folder, mochaTimeoutMs }: Job, tests: string[]): Promise<Outcome['by']> {
  const report = join(folder, 'mocha.json')
  await rm(report, { force: true })
  const { code, output, isTimedOut } = await runMocha(folder, tests, report, mochaTimeoutMs)
  if (code === 0) return undefined
  if (isTimedOut) return { file: '', test: 'the time given' }
  const first = (await readReport(report))?.failed[0]
  // A promise that nobody waited for was rejected, say: Hardhat ends, and mocha has written nothing.
  const crash = output.split('\n').find((line) => line.includes('rror')) ?? 'no report'
  return { file: first?.file?.slice(folder.length + 1) ?? '', test: first?.name ?? `a crash: ${crash.trim()}` }
}
