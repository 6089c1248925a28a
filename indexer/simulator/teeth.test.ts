import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { MUTANTS } from './mutants.ts'
import { seedOf } from './random.ts'
import { bite } from './teeth.ts'

describe('planted bugs', () => {
  const seed = seedOf('planted bugs')

  it('each fit the source as it is', async () => {
    for (const { name, file, find } of MUTANTS) {
      const source = await readFile(join(import.meta.dirname, '..', file), 'utf8')
      expect(source.split(find).length - 1, name).to.equal(1)
    }
    expect(MUTANTS.length).to.be.at.least(12)
  })

  for (const mutant of MUTANTS.filter(({ isInEveryRun }) => isInEveryRun))
    it(`turn the simulator red when ${mutant.name}`, async () => {
      const { isRed, output } = await bite(mutant, mutant.scenario, seed)
      expect(isRed, output).to.equal(true)
    })

  it('are what turns it red: without one it stays green', async () => {
    const { isRed, output } = await bite(undefined, ['faults', '--fault', 'leaves out the last log'], seed)
    expect(isRed, output).to.equal(false)
  })
})
