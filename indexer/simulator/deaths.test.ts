import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { seedOf } from './random.ts'
import { runScenario } from './run-scenario.ts'

describe('an indexer leaves what a fresh index finds, and never a wrong row meanwhile,', () => {
  const seed = seedOf('deaths')
  const play = async (...args: string[]) => {
    const { code, output } = await runScenario(join(import.meta.dirname, '..'), [...args, '--seed', String(seed)])
    expect(code, output).to.equal(0)
    return JSON.parse(output) as Record<string, number>
  }

  it('killed anywhere in its first load and at the head', async () => {
    const { kills } = await play('kills', '--rounds', '10')
    expect(kills).to.be.at.least(8)
  })

  it('cut off from its database at any statement', async () => {
    const { cuts } = await play('cuts', '--rounds', '35')
    expect(cuts).to.be.at.least(6)
  })

  it('torn in a step at any statement, looked at before anybody goes on', async () => {
    const { tears } = await play('tears')
    expect(tears).to.be.at.least(20)
  })

  it('while the database ends its connections again and again', async () => {
    const { cuts } = await play('restarts', '--rounds', '10')
    expect(cuts).to.be.at.least(5)
  })
})
