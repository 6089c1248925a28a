import { describe, it } from 'node:test'
import { expect } from 'chai'
import { createSpan, isRangeTooLarge } from './span.ts'

describe('span', () => {
  it('doubles when a range was answered and halves when it was refused, within its bounds', () => {
    const span = createSpan({ start: 8n, min: 2n, max: 20n })
    span.grow()
    expect(span.blocks).to.equal(16n)
    span.grow()
    expect(span.blocks).to.equal(20n)
    for (let times = 0; times < 10; times++) span.shrink()
    expect(span.blocks).to.equal(2n)
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
