import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { seedOf } from './random.ts'
import type { RoundResult } from './rounds.ts'
import { runScenario } from './run-scenario.ts'

describe('five hundred rounds of reorganisations', () => {
  const seed = seedOf('reorganisations')

  // In a process of its own: the test runner's own bookkeeping would double the time.
  it('leave what the chain says after every one of them, and what a fresh index finds', async () => {
    const { code, output } = await runScenario(join(import.meta.dirname, '..'), ['reorgs', '--rounds', '500', '--seed', String(seed)])
    expect(code, output).to.equal(0)
    const result = JSON.parse(output) as RoundResult
    expect(result.rounds).to.equal(500)
    expect(result.reorgs).to.be.greaterThan(500)
    expect(result.deepest).to.equal(256)
    expect(result.comparisons).to.be.at.least(5)
  })
})
