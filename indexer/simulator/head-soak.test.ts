import { describe, it } from 'node:test'
import { expect } from 'chai'
import { comparedParts, findGrowth, type HeadSample } from './head-soak.ts'

describe('findGrowth', () => {
  const early = { bytes: 100e6, liveBytes: 30e6, latencyMs: 40 }

  it('passes over what a heap and a machine do by themselves', () => {
    expect(findGrowth({ early, late: { bytes: 199e6, liveBytes: 31.9e6, latencyMs: 139 } })).to.deep.equal([])
    expect(findGrowth({ early: { ...early, latencyMs: 400 }, late: { ...early, latencyMs: 800 } })).to.deep.equal([])
  })

  it('names memory that grew, in use or resident, and latency', () => {
    expect(findGrowth({ early, late: { bytes: 201e6, liveBytes: 32.1e6, latencyMs: 141 } })).to.deep.equal([
      'memory in use grew from 30000000 to 32100000 bytes',
      'resident memory grew from 100000000 to 201000000 bytes',
      'latency grew from 40 to 141 ms',
    ])
  })
})

describe('what a soak compares', () => {
  /** A sample every ten seconds. */
  const samplesOf = (count: number, liveBytesAt: (second: number) => number): HeadSample[] =>
    Array.from({ length: count }, (_, at) => ({ second: at * 10, bytes: 0, liveBytes: liveBytesAt(at * 10), latencyMs: 1 }))
  const growthOf = (samples: HeadSample[]) => findGrowth(comparedParts(samples))

  it('leaves the warm-up out', () => {
    expect(growthOf(samplesOf(40, (second) => Math.min(second, 60) * 1e6))).to.deep.equal([])
  })

  it('shows what goes on growing after it', () => {
    expect(growthOf(samplesOf(40, (second) => second * 25e3))).to.have.length(1)
  })

  it('is refused where too little is left to tell', () => {
    expect(() => comparedParts(samplesOf(13, () => 0))).to.throw('takes longer than 60 seconds')
  })
})
