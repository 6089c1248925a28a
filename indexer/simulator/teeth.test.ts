import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { MUTANTS } from './mutants.ts'
import { bite } from './teeth.ts'

/** Always the same runs: whether a bug is noticed must not hang on luck. Other seeds are for soak:indexer. */
const SEED = 1

describe('planted bugs', { concurrency: 2 }, () => {
  it('each fit the source as it is', async () => {
    for (const { name, file, find } of MUTANTS) {
      const source = await readFile(join(import.meta.dirname, '..', file), 'utf8')
      expect(source.split(find).length - 1, name).to.equal(1)
    }
  })

  for (const mutant of MUTANTS)
    if (mutant.says !== undefined)
      it(`turn the simulator red when ${mutant.name}`, async () => {
        const { isRed, output } = await bite(mutant, mutant.scenario, SEED)
        expect(isRed, output).to.equal(true)
        expect(output).to.match(mutant.says!)
      })

  // That the other scenarios are green without a bug is what the tests beside this one say.
  it('are what turns it red: without one it stays green', async () => {
    const { isRed, output } = await bite(undefined, ['faults', '--fault', 'leaves out the last log'], SEED)
    expect(isRed, output).to.equal(false)
  })
})
