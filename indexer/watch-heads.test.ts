import { getEventListeners } from 'node:events'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { createLines } from './testing.ts'
import { watchHeads } from './watch-heads.ts'

describe('waiting for a head', () => {
  const heads = watchHeads([], createLines().log)

  it('ends after its time, or when it is told to stop', async () => {
    const stopping = new AbortController()
    await heads.next(5, stopping.signal)
    const waiting = heads.next(60_000, stopping.signal)
    stopping.abort()
    await waiting
    await heads.next(60_000, stopping.signal)
  })

  it('leaves nothing on the signal, which lives as long as the indexer', async () => {
    const { signal } = new AbortController()
    for (let times = 0; times < 3; times++) await heads.next(1, signal)
    expect(getEventListeners(signal, 'abort')).to.have.length(0)
  })
})
