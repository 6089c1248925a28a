import { describe, it } from 'node:test'
import { expect } from 'chai'
import type { CopyBuffer } from '../copy-buffer.ts'
import { viewOf } from '../hex-words.ts'
import { createRandom, seedOf } from '../testing.ts'
import { createHoldingDeltas } from './holding-deltas.ts'

const ZERO = '0'.repeat(40)

/** Adds transfers and reads the rows back. */
async function added(deltas = createHoldingDeltas(), transfers: [string, string, number, bigint][] = []) {
  for (const [from, to, projectId, value] of transfers) {
    const bytes = Buffer.from(from + to + value.toString(16).padStart(64, '0'))
    deltas.add(viewOf(bytes), 0, 40, projectId, 80)
  }
  const rows = new Map<string, bigint>()
  const negative: string[] = []
  let key = ''
  let count = 0
  const sink = {
    get rows() {
      return count
    },
    row: () => count++,
    int4: (projectId: number) => {
      key = String(projectId)
    },
    text: (holder: string) => {
      key = `${holder} ${key}`
    },
    numeric: (units: bigint) => rows.set(key, units),
    safeNumeric: (units: number) => rows.set(key, BigInt(units)),
  } as unknown as CopyBuffer
  await deltas.writeTo(
    sink,
    async () => {
      count = 0
    },
    (holder, projectId) => negative.push(`${holder} ${projectId}`),
  )
  return { rows, negative }
}

describe('holdings added up in memory', () => {
  it('are what a map of bigints says, for many holders, projects and amounts of every size', async () => {
    const random = createRandom(seedOf('holding deltas'))
    const addresses = Array.from({ length: 3_000 }, (_, at) => (at === 0 ? ZERO : (at * 7_919).toString(16).padStart(40, 'a')))
    const expected = new Map<string, bigint>()
    const transfers: [string, string, number, bigint][] = []
    const change = (holder: string, projectId: number, units: bigint) => {
      if (holder === ZERO) return
      const key = `0x${holder} ${projectId}`
      const sum = (expected.get(key) ?? 0n) + units
      if (sum === 0n) expected.delete(key)
      else expected.set(key, sum)
    }
    const sizes = [1n, 1_000n, 2n ** 52n, 2n ** 53n, 2n ** 100n]
    for (let count = 0; count < 60_000; count++) {
      const projectId = random.int(40)
      const value = random.pick(sizes) * BigInt(random.int(3))
      const isMint = random.next() < 0.5
      const [from, to] = [isMint ? ZERO : random.pick(addresses), random.pick(addresses)]
      transfers.push([from, to, projectId, value])
      change(from, projectId, -value)
      change(to, projectId, value)
    }
    const { rows, negative } = await added(undefined, transfers)
    const below = [...expected].filter(([, units]) => units < 0n).map(([key]) => key)
    expect(negative.sort()).to.deep.equal(below.sort())
    for (const key of below) {
      rows.delete(key)
      expected.delete(key)
    }
    expect(rows).to.deep.equal(expected)
  })

  it('give up above their bound instead of growing without end', async () => {
    const deltas = createHoldingDeltas(2)
    const to = (at: number): [string, string, number, bigint] => [ZERO, String(at).padStart(40, '1'), 1, 1n]
    await added(deltas, [to(1), to(2), to(1)])
    expect(deltas.isComplete).to.equal(true)
    await added(deltas, [to(3)])
    expect(deltas.isComplete).to.equal(false)
  })
})
