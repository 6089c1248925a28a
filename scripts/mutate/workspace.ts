import { cp, glob, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CompilerInput } from './compiler.ts'
import { type Ran, runTool } from './run-tool.ts'

/** How the contracts are compiled for the tests: what the tests ask about doesn't depend on it, the time does. */
export interface Pipeline {
  name: string
  settings: { viaIR: boolean; optimizer: { enabled: boolean; runs?: number } }
}

/** Quick ones first; the next is for contracts with a stack too deep for the one before. */
export const PIPELINES: Pipeline[] = [
  { name: 'no optimizer', settings: { viaIR: false, optimizer: { enabled: false } } },
  { name: 'legacy optimizer', settings: { viaIR: false, optimizer: { enabled: true, runs: 1 } } },
  { name: 'via IR', settings: { viaIR: true, optimizer: { enabled: true, runs: 200 } } },
]

/** Tests of size and gas, which depend on how a contract is compiled, are left out by their names. */
const LEFT_OUT = ['--grep-exclude', 'size that a chain accepts|The price of ']
const HARDHAT = join('node_modules', 'hardhat', 'dist', 'src', 'cli.js')
const REPORTER = join(import.meta.dirname, 'mocha-reporter.cjs')
/** What a copy has of its own; the rest of the checkout it borrows. */
const OWN = ['contracts', 'hardhat.config.ts', 'artifacts', 'cache', 'coverage', 'types', '.git']

/** A folder beside the temporary ones of others, with a copy of the contracts in which anything may be changed. */
export async function openWorkspace(root: string): Promise<string> {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'terra-contracts-'))
  for (const name of await readdir(root)) if (!OWN.includes(name)) await symlink(join(root, name), join(folder, name))
  await cp(join(root, 'contracts'), join(folder, 'contracts'), { recursive: true })
  await cp(join(root, 'hardhat.config.ts'), join(folder, 'hardhat.product.ts'))
  return folder
}

/** Lets the copy be compiled by `pipeline`, without a limit to the code's size, and its mocha tests write a report as JSON. */
export async function configure(folder: string, { settings }: Pipeline): Promise<void> {
  const changes = `import product from './hardhat.product.ts'

const compiler = (one) => ({ ...one, settings: { ...one.settings, ...${JSON.stringify(settings)} } })
const { solidity } = product
export default {
  ...product,
  solidity: solidity.profiles ? { ...solidity, profiles: { default: compiler(solidity.profiles.default) } } : compiler(solidity),
  networks: { ...product.networks, default: { type: 'edr-simulated', allowUnlimitedContractSize: true, ...product.networks?.default } },
  test: {
    ...product.test,
    mocha: { ...product.test?.mocha, reporter: ${JSON.stringify(REPORTER)}, reporterOptions: { output: process.env.MOCHA_REPORT } },
  },
}
`
  await writeFile(join(folder, 'hardhat.config.ts'), changes)
}

export async function compileAll(folder: string): Promise<Ran> {
  for (const name of ['artifacts', 'cache', 'build-info']) await rm(join(folder, name), { recursive: true, force: true })
  return runTool(HARDHAT, ['build'], { cwd: folder })
}

/** A copy of `folder` for one job. Without the compiler's records, which are slow to read and nothing of the mutants. */
export async function copyWorkspace(folder: string, name: string): Promise<string> {
  const copy = join(folder, '..', `${folder.split(/[\\/]/).at(-1)}-${name}`)
  await mkdir(copy)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (['build-info', 'types', 'cache'].includes(entry.name)) continue
    const [from, to] = [join(folder, entry.name), join(copy, entry.name)]
    if (entry.isSymbolicLink()) await symlink(from, to)
    else await cp(from, to, { recursive: true })
  }
  return copy
}

/** What Hardhat gave the compiler; moved aside, so that copies don't carry it. */
export async function takeCompilerInput(folder: string): Promise<CompilerInput> {
  await rename(join(folder, 'artifacts', 'build-info'), join(folder, 'build-info'))
  const names = (await readdir(join(folder, 'build-info'))).filter((name) => !name.endsWith('.output.json'))
  const sources: CompilerInput['sources'] = {}
  let settings: object = {}
  for (const name of names) {
    const { input } = JSON.parse(await readFile(join(folder, 'build-info', name), 'utf8')) as { input: CompilerInput }
    Object.assign(sources, input.sources)
    settings = input.settings
  }
  return { settings, sources }
}

/** Paths under `root` that match, sorted. */
export async function listFiles(root: string, pattern: string): Promise<string[]> {
  const files: string[] = []
  for await (const file of glob(pattern, { cwd: root })) files.push(file)
  return files.sort()
}

/** What mocha's tests came to; undefined when they ended before a report was written. */
export interface MochaReport {
  /** Milliseconds each. */
  passed: { file: string; duration?: number }[]
  failed: { file?: string; name: string; message: string }[]
}

export async function readReport(path: string): Promise<MochaReport | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as MochaReport)
}

/** Runs mocha tests on the artifacts as they are, in the order given, up to the first that fails. */
export function runMocha(folder: string, files: string[], report: string, timeoutMs?: number): Promise<Ran> {
  const args = ['test', 'mocha', '--no-compile', '--bail', ...LEFT_OUT, ...files]
  return runTool(HARDHAT, args, { cwd: folder, env: { MOCHA_REPORT: report }, ...(timeoutMs && { timeoutMs }) })
}

/** Compiles what is there and runs the fuzz and invariant tests. */
export function runSolidityTests(folder: string, timeoutMs?: number): Promise<Ran> {
  return runTool(HARDHAT, ['test', 'solidity'], { cwd: folder, ...(timeoutMs && { timeoutMs }) })
}

/** Compiles what is there and runs all tests, counting lines. */
export function runCoverage(folder: string): Promise<Ran> {
  return runTool(HARDHAT, ['test', '--coverage', ...LEFT_OUT], { cwd: folder, env: { MOCHA_REPORT: join(folder, 'mocha.json') } })
}
