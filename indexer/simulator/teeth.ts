import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Mutant } from './mutants.ts'
import { RED, runScenario } from './run-scenario.ts'

/** What became of one planted bug; `output` says how it was noticed, or what went wrong instead. */
export interface Bite {
  name: string
  isRed: boolean
  seconds: number
  output: string
}

const root = join(import.meta.dirname, '..', '..')
/**
 * Plants one bug in a copy of the indexer and plays its scenario there; without a mutant the copy is as it is and has to stay green.
 * @throws when the text to replace doesn't occur exactly once, or the scenario could not be played
 */
export async function bite(mutant: Mutant | undefined, scenario: readonly string[], seed: number): Promise<Bite> {
  const startedAt = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'terra-teeth-'))
  try {
    await cp(join(root, 'indexer'), join(folder, 'indexer'), { recursive: true, filter: (path) => !path.endsWith('.test.ts') })
    for (const name of ['common', 'node_modules', 'package.json']) await symlink(join(root, name), join(folder, name))
    if (mutant !== undefined) await plant(join(folder, 'indexer', mutant.file), mutant)
    const { code, output } = await runScenario(join(folder, 'indexer'), [...scenario, '--seed', String(seed)])
    if (code !== 0 && code !== RED) throw new Error(`${scenario.join(' ')} could not be played, code ${code}:\n${output.slice(-2_000)}`)
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10
    return { name: mutant?.name ?? 'no bug', isRed: code === RED, seconds, output: output.slice(0, 400) }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function plant(path: string, { name, find, replace }: Mutant): Promise<void> {
  const source = await readFile(path, 'utf8')
  const found = source.split(find).length - 1
  if (found !== 1) throw new Error(`"${name}" matches ${found} times in ${path}; the source has changed, so must the planted bug`)
  await writeFile(
    path,
    source.replace(find, () => replace),
  )
}
