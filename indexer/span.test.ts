import { describe, it } from 'node:test'
import { expect } from 'chai'
import { createSpan, isRangeTooLarge } from './span.ts'

describe('span', () => {
  it('doubles when a range was answered and halves when it was refused, within its bounds', () => {
    const span = createSpan({ start: 8n, lowest: 2n, highest: 20n })
    span.answered(8n, 0)
    expect(span.blocks).to.equal(14n)
    for (let times = 0; times < 10; times++) span.answered(span.blocks, 0)
    expect(span.blocks).to.equal(20n)
    for (let times = 0; times < 10; times++) span.refused(span.blocks)
    expect(span.blocks).to.equal(2n)
  })

  it('grows and shrinks once, however many ranges of the same size were under way', () => {
    const span = createSpan({ start: 100n })
    for (let times = 0; times < 4; times++) span.answered(100n, 0)
    expect(span.blocks).to.equal(200n)
    for (let times = 0; times < 4; times++) span.refused(200n)
    expect(span.blocks).to.equal(100n)
  })

  it('asks for so many blocks that answers weigh what they should', () => {
    const span = createSpan({ start: 1_000n, goalBytes: 1_000_000 })
    for (let times = 0; times < 20; times++) span.answered(span.blocks, Number(span.blocks) * 5_000)
    expect(span.blocks).to.equal(200n)
    for (let times = 0; times < 20; times++) span.answered(span.blocks, Number(span.blocks) * 1_000)
    expect(span.blocks >= 990n && span.blocks <= 1_000n).to.equal(true)
  })

  it('settles just below a limit instead of running into it every other time', () => {
    const span = createSpan({ start: 1_000n })
    let refusals = 0
    for (let times = 0; times < 60; times++) {
      if (span.blocks > 100n) {
        refusals++
        span.refused(span.blocks)
      } else span.answered(span.blocks, 0)
    }
    expect(span.blocks).to.equal(100n)
    expect(refusals).to.be.below(12)
  })

  it('tries larger ranges again after a while', () => {
    const span = createSpan({ start: 1_000n })
    span.refused(1_000n)
    for (let times = 0; times < 100; times++) span.answered(span.blocks, 0)
    expect(span.blocks > 10_000n).to.equal(true)
  })

  const refusals = [
    'query returned more than 10000 results',
    'block range is too wide',
    'Log response size exceeded. You can make eth_getLogs requests with up to a 2K block range',
    'eth_getLogs is limited to a 10,000 range',
    'exceed maximum block range: 5000',
    'Block range limit exceeded',
    'query timeout exceeded',
    'too many results, narrow your filter',
  ]
  for (const wording of refusals)
    it(`recognises "${wording}"`, () => {
      expect(isRangeTooLarge(new Error('RPC Request failed', { cause: new Error(wording) }))).to.equal(true)
    })

  it('does not take a busy or absent node for a range too large', () => {
    expect(isRangeTooLarge(Object.assign(new Error('too many requests: rate limit exceeded'), { status: 429 }))).to.equal(false)
    expect(isRangeTooLarge(new Error('fetch failed'))).to.equal(false)
    expect(isRangeTooLarge(new Error('missing trie node'))).to.equal(false)
  })
})
