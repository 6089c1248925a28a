import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import type { PairsPlayed } from './fault-scenario.ts'
import { seedOf } from './random.ts'
import { runScenario } from './run-scenario.ts'

const PAIRS = 12

describe('whatever two things are wrong with a node at a time', () => {
  const seed = seedOf('pairs of faults')
  const play = async (pairs: number) => {
    const { code, output } = await runScenario(join(import.meta.dirname, '..'), [
      'pairs',
      '--rounds',
      String(pairs),
      '--seed',
      String(seed),
    ])
    expect(code, output).to.equal(0)
    return JSON.parse(output) as PairsPlayed
  }

  it('nothing wrong is written, and all is right once it is mended', async () => {
    const { pairs } = await play(PAIRS)
    expect(pairs).to.have.length(PAIRS)
  })

  it('the same seed plays the same faults on the same chains', async () => {
    const [once, twice] = [await play(3), await play(3)]
    expect(twice).to.deep.equal(once)
  })
})
