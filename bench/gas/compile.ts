import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import solc from 'solc'
import type { Abi, Hex } from 'viem'

export interface Compiled {
  abi: Abi
  bytecode: Hex
}

interface Output {
  errors?: { severity: string; formattedMessage: string }[]
  contracts: Record<string, Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>
}

const root = join(import.meta.dirname, '..', '..')

/**
 * The shells in `contracts/` beside this file, by name, compiled with the settings of our own contracts. They are not among
 * Hardhat's sources, so that they are nobody's artifact and in no coverage.
 */
export async function compilePeers(): Promise<Record<string, Compiled>> {
  const folder = join(import.meta.dirname, 'contracts')
  const sources: Record<string, { content: string }> = {}
  for (const name of await readdir(folder)) await addSource(sources, name, join(folder, name))
  const settings = {
    optimizer: { enabled: true, runs: 200 },
    viaIR: true,
    evmVersion: 'cancun',
    outputSelection: Object.fromEntries((await readdir(folder)).map((name) => [name, { '*': ['abi', 'evm.bytecode.object'] }])),
  }
  const output = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings }))) as Output
  const wrong = output.errors?.filter(({ severity }) => severity === 'error') ?? []
  if (wrong.length > 0) throw new Error(`The shells don't compile:\n${wrong.map((one) => one.formattedMessage).join('\n')}`)
  const all = Object.values(output.contracts).flatMap((contracts) => Object.entries(contracts))
  return Object.fromEntries(all.map(([name, { abi, evm }]) => [name, { abi, bytecode: `0x${evm.bytecode.object}` }]))
}

/** Adds a file and all that it imports: packages by name, their own files by relative path. */
async function addSource(sources: Record<string, { content: string }>, name: string, path: string): Promise<void> {
  if (sources[name]) return
  const content = await readFile(path, 'utf8')
  sources[name] = { content }
  for (const [, target] of content.matchAll(/^import\s(?:[^"';]*\sfrom\s+)?["']([^"']+)["'];/gm)) {
    const wanted = target!.startsWith('.') ? join(name, '..', target!) : target!
    await addSource(sources, wanted, join(root, 'node_modules', wanted))
  }
}
