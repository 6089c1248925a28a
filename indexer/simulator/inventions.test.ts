import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import type { Inventions } from './inventions.ts'
import { seedOf } from './random.ts'
import { runScenario } from './run-scenario.ts'

describe('a node that invents logs which the headers know', () => {
  const seed = seedOf('inventions')

  it('makes nothing final beside an honest one, and leaves nothing once it stops', async () => {
    const { code, output } = await runScenario(join(import.meta.dirname, '..'), ['inventions', '--seed', String(seed)])
    expect(code, output).to.equal(0)
    const { invented, heldAt } = JSON.parse(output) as Inventions
    expect(heldAt).to.be.lessThan(invented)
  })
})
