import { stripVTControlCharacters } from 'node:util'
import { runNode } from './program.ts'

/** Runs the contract tests (all, or the given files) and shows them. Answers the counts Hardhat prints. */
export async function runContractTests(files: string[]): Promise<{ passed: number; failed: number }> {
  const { code, output } = await runNode('node_modules/hardhat/dist/src/cli.js', ['test', ...files], { show: true })
  // Hardhat ends with the sums over all its runners, e.g. "117 passing (117 mocha)".
  const plain = stripVTControlCharacters(output)
  const last = (word: string) => Number([...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}`, 'gm'))].at(-1)?.[1] ?? 0)
  const failed = last('failing')
  // Nothing counted and yet not well: it did not even begin.
  return { passed: last('passing'), failed: code !== 0 && failed === 0 ? 1 : failed }
}
