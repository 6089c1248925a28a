import { stripVTControlCharacters } from 'node:util'
import { type Ran, runNode } from './program.ts'

interface Counts {
  passed: number
  failed: number
}

/**
 * Runs the contract tests (all, or the given files), those in Solidity beside the others: neither runner keeps more than one core
 * busy. The contracts are built by then. Shows what they print, the second runner's when both are done.
 */
export async function runContractTests(files: string[]): Promise<Counts> {
  const inSolidity = files.filter((file) => file.endsWith('.sol'))
  const runs = [
    { runner: 'solidity', files: inSolidity, show: false },
    { runner: 'mocha', files: files.filter((file) => !inSolidity.includes(file)), show: true },
  ].filter((run) => files.length === 0 || run.files.length > 0)
  const ran = await Promise.all(
    runs.map(async ({ runner, files: its, show }) => {
      const result = await runNode('node_modules/hardhat/dist/src/cli.js', ['test', runner, '--no-compile', ...its], { show })
      return { ...result, show }
    }),
  )
  for (const { show, output } of ran) if (!show) process.stdout.write(output)
  return ran.map(countsOf).reduce((sum, { passed, failed }) => ({ passed: sum.passed + passed, failed: sum.failed + failed }))
}

function countsOf({ code, output }: Ran): Counts {
  // A runner ends with its sums, e.g. "117 passing".
  const plain = stripVTControlCharacters(output)
  const last = (word: string) => Number([...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}`, 'gm'))].at(-1)?.[1] ?? 0)
  const failed = last('failing')
  // Nothing counted and yet not well: it did not even begin.
  return { passed: last('passing'), failed: code !== 0 && failed === 0 ? 1 : failed }
}
