import { describe, it } from 'node:test'
import { expect } from 'chai'
import { findGrowth } from './head-soak.ts'

describe('findGrowth', () => {
  const early = { bytes: 100e6, latencyMs: 40 }

  it('passes over what a heap and a machine do by themselves', () => {
    expect(findGrowth({ early, late: { bytes: 119e6, latencyMs: 139 } })).to.deep.equal([])
    expect(findGrowth({ early: { ...early, latencyMs: 400 }, late: { ...early, latencyMs: 800 } })).to.deep.equal([])
  })

  it('names memory that grew, and latency', () => {
    expect(findGrowth({ early, late: { bytes: 121e6, latencyMs: 141 } })).to.deep.equal([
      'memory grew from 100000000 to 121000000 bytes',
      'latency grew from 40 to 141 ms',
    ])
  })
})
