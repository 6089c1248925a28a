import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import solc from 'solc'
import type { SourceFile } from './mutants.ts'
import { type SyntaxNode, visit } from './syntax.ts'

export interface CompilerInput {
  settings: object
  sources: Record<string, { content: string }>
}

/** A contract that tests deploy. */
interface Target {
  source: string
  name: string
}

interface Output {
  errors?: { severity: string; formattedMessage: string }[]
  sources?: Record<string, { ast: SyntaxNode }>
  contracts?: Record<string, Record<string, { evm: Record<'bytecode' | 'deployedBytecode', { object: string; linkReferences: object }> }>>
}

/** Hardhat's name for our own files. */
const PROJECT = 'project/'

export interface Compiler {
  /** Our own files with their syntax, without the tests'. */
  files: SourceFile[]
  /** The artifacts, by path, that are different with other content in `file`. Undefined when it doesn't compile. */
  compile(file: string, content: string): Map<string, Bytecode> | undefined
}

export interface Bytecode {
  bytecode: string
  deployedBytecode: string
  linkReferences: object
  deployedLinkReferences: object
}

/**
 * Compiles single changes as quickly as solc can: what doesn't see the changed file is left out, and so is everything no test asks for.
 * `deployed`: names of the contracts that tests deploy; those of the product always count.
 */
export function openCompiler(input: CompilerInput, deployed: (name: string) => boolean): Compiler {
  const syntax = parse(input)
  const imports = new Map(Object.entries(syntax).map(([source, ast]) => [source, importsOf(ast)]))
  const seen = new Map([...imports.keys()].map((source) => [source, closureOf(source, imports)]))
  const targets = Object.entries(syntax).flatMap(([source, ast]) => targetsOf(source, ast, deployed))
  return {
    files: Object.entries(syntax)
      .filter(([source]) => isProduct(source))
      .map(([source, ast]) => ({ file: source.slice(PROJECT.length), content: input.sources[source]!.content, syntax: ast })),
    compile(file, content) {
      const changed = PROJECT + file
      const wanted = targets.filter(({ source }) => seen.get(source)!.has(changed))
      const needed = new Set(wanted.flatMap(({ source }) => [...seen.get(source)!]))
      const sources = Object.fromEntries([...needed].map((source) => [source, source === changed ? { content } : input.sources[source]!]))
      const output = run({ settings: input.settings, sources }, selectionOf(wanted))
      if (output.errors?.some(({ severity }) => severity === 'error')) return undefined
      return new Map(
        wanted.map(({ source, name }) => {
          const { bytecode, deployedBytecode } = output.contracts![source]![name]!.evm
          return [
            join('artifacts', source.slice(PROJECT.length), `${name}.json`),
            {
              bytecode: `0x${bytecode.object}`,
              deployedBytecode: `0x${deployedBytecode.object}`,
              linkReferences: bytecode.linkReferences,
              deployedLinkReferences: deployedBytecode.linkReferences,
            },
          ]
        }),
      )
    },
  }
}

/** Puts bytecode into the artifacts under `folder`; answers what puts them back. */
export async function replaceArtifacts(folder: string, changed: Map<string, Bytecode>): Promise<() => Promise<void>> {
  const before = new Map<string, string>()
  for (const [path, code] of changed) {
    const file = join(folder, path)
    before.set(file, await readFile(file, 'utf8'))
    await writeFile(file, JSON.stringify({ ...JSON.parse(before.get(file)!), ...code }))
  }
  return async () => {
    for (const [file, text] of before) {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
    }
  }
}

/** The syntax of all sources. @throws when they don't compile */
function parse(input: CompilerInput): Record<string, SyntaxNode> {
  const output = run(input, { '*': { '': ['ast'] } })
  const wrong = output.errors?.find(({ severity }) => severity === 'error')
  if (wrong) throw new Error(`The contracts don't compile: ${wrong.formattedMessage}`)
  return Object.fromEntries(Object.entries(output.sources!).map(([source, { ast }]) => [source, ast]))
}

function run({ settings, sources }: CompilerInput, outputSelection: object): Output {
  return JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings: { ...settings, outputSelection } }))) as Output
}

function importsOf(ast: SyntaxNode): string[] {
  return [...visit(ast)].filter(({ node }) => node.nodeType === 'ImportDirective').map(({ node }) => node.absolutePath as string)
}

/** The source itself and all it sees. */
function closureOf(source: string, imports: Map<string, string[]>, found = new Set<string>()): Set<string> {
  if (found.has(source)) return found
  found.add(source)
  for (const next of imports.get(source) ?? []) closureOf(next, imports, found)
  return found
}

function targetsOf(source: string, ast: SyntaxNode, deployed: (name: string) => boolean): Target[] {
  if (!source.startsWith(PROJECT) || source.endsWith('.t.sol')) return []
  const contracts = (ast.nodes as SyntaxNode[]).filter(
    (node) => node.nodeType === 'ContractDefinition' && node.contractKind !== 'interface' && node.abstract !== true,
  )
  return contracts.map((node) => ({ source, name: node.name as string })).filter(({ name }) => isProduct(source) || deployed(name))
}

function selectionOf(targets: Target[]): Record<string, Record<string, string[]>> {
  const code = ['bytecode', 'deployedBytecode'].flatMap((kind) => [`evm.${kind}.object`, `evm.${kind}.linkReferences`])
  const selection: Record<string, Record<string, string[]>> = {}
  for (const { source, name } of targets) selection[source] = { ...selection[source], [name]: code }
  return selection
}

/** Neither a test, nor anything only tests use, nor the stand-in for a stablecoin. */
function isProduct(source: string): boolean {
  return (
    source.startsWith(`${PROJECT}contracts/`) &&
    !source.startsWith(`${PROJECT}contracts/test/`) &&
    !source.endsWith('.t.sol') &&
    !source.endsWith('/TestUsdc.sol')
  )
}
