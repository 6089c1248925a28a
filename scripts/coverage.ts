import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Split, splitBranches } from './cover/branches.ts'
import { coverageOf, formatCoverage, readLcov } from './cover/read-coverage.ts'
import { configure, listFiles, openWorkspace, PIPELINES, readReport, runCoverage } from './mutate/workspace.ts'

/** `npm run coverage:contracts`: which lines and branches of the contracts the tests reach. Exit code 1 when one is left out. */
const root = join(import.meta.dirname, '..')
process.exitCode = await main()

async function main(): Promise<number> {
  const folder = await openWorkspace(root)
  try {
    const splits = await splitAll(folder)
    for (const pipeline of PIPELINES) {
      await configure(folder, pipeline)
      const { code, output } = await runCoverage(folder)
      const lcov = await readFile(join(folder, 'coverage', 'lcov.info'), 'utf8').catch(() => undefined)
      // Not even begun: the contracts don't compile in this way.
      if (lcov === undefined && pipeline !== PIPELINES.at(-1)) continue
      if (code !== 0) console.error(await whatFailed(folder, output))
      return lcov !== undefined && report(lcov, splits) && code === 0 ? 0 : 1
    }
    return 1
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function whatFailed(folder: string, output: string): Promise<string> {
  const failed = (await readReport(join(folder, 'mocha.json')))?.failed ?? []
  if (failed.length === 0) return output.slice(-3000)
  return failed.map(({ name, message }) => `Failed: "${name}": ${message}`).join('\n')
}

/** Whether nothing is left out. */
function report(lcov: string, splits: Map<string, Split>): boolean {
  const runs = readLcov(lcov)
  // Interfaces and constants have no lines.
  const files = [...splits].map(([file, split]) => coverageOf(file, split, runs.get(file))).filter(({ lines }) => lines > 0)
  console.log(formatCoverage(files))
  return files.length > 0 && files.every(({ missing }) => missing.length === 0)
}

/** Rewrites the product's contracts in the copy. */
async function splitAll(folder: string): Promise<Map<string, Split>> {
  const splits = new Map<string, Split>()
  const files = await listFiles(folder, 'contracts/**/*.sol')
  const product = files.filter((file) => !/^contracts.test.|\.t\.sol$|TestUsdc\.sol$/.test(file))
  for (const file of product) {
    const split = splitBranches(await readFile(join(folder, file), 'utf8'))
    splits.set(file, split)
    await writeFile(join(folder, file), split.content)
  }
  return splits
}
