import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'node:test'
import { expect } from 'chai'

export interface TestFolder {
  path: string
  /** What was said so far. */
  warnings: string[]
  warn(sentence: string): void
}

/** A data folder of its own for every test of the calling file. */
export function testFolder(): TestFolder {
  const folder: TestFolder = { path: '', warnings: [], warn: (sentence) => void folder.warnings.push(sentence) }
  beforeEach(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'terra-local-'))
    // Postgres may run as another user than the one who starts it.
    await chmod(folder.path, 0o755)
    for (const name of ['logs', 'chain']) await mkdir(join(folder.path, name))
    folder.warnings.length = 0
  })
  afterEach(() => rm(folder.path, { recursive: true, force: true }))
  return folder
}

/** The sentence that `work` fails with. */
export async function sentenceOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    expect((error as Error).name).to.equal('LocalError')
    return (error as Error).message
  }
  throw new Error('expected an error')
}
