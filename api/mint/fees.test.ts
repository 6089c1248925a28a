import { test } from 'node:test'
import { expect } from 'chai'
import fc from 'fast-check'
import { bump, type FeePolicy, offer } from './fees.ts'
import { min } from './nodes.ts'

const gwei = 1_000_000_000n
const policy: FeePolicy = { tipFloorWei: 30n * gwei, maxFeeCapWei: 1_000n * gwei }

test('an offer is twice the base fee and a tip that never falls under the floor', () => {
  expect(offer(policy, 100n * gwei, 5n * gwei)).to.deep.equal({ maxFeePerGas: 230n * gwei, maxPriorityFeePerGas: 30n * gwei })
  expect(offer(policy, 100n * gwei, 40n * gwei)).to.deep.equal({ maxFeePerGas: 240n * gwei, maxPriorityFeePerGas: 40n * gwei })
})

test('an offer never passes the cap, and the tip never passes the fee', () => {
  expect(offer(policy, 5_000n * gwei, 2_000n * gwei)).to.deep.equal({ maxFeePerGas: 1_000n * gwei, maxPriorityFeePerGas: 1_000n * gwei })
})

test('a bump raises both fields by an eighth, or to the market when that is higher', () => {
  const last = { maxFeePerGas: 200n * gwei, maxPriorityFeePerGas: 40n * gwei }
  const low = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }
  expect(bump(policy, last, low)).to.deep.equal({ maxFeePerGas: 225n * gwei, maxPriorityFeePerGas: 45n * gwei })
  expect(bump(policy, last, { maxFeePerGas: 700n * gwei, maxPriorityFeePerGas: 60n * gwei })).to.deep.equal({
    maxFeePerGas: 700n * gwei,
    maxPriorityFeePerGas: 60n * gwei,
  })
})

test('at the cap there is no bump: the transaction waits and keeps its nonce', () => {
  const last = { maxFeePerGas: 950n * gwei, maxPriorityFeePerGas: 100n * gwei }
  expect(bump(policy, last, last)).to.equal(null)
})

test('every bump is one that nodes accept as a replacement, whatever the fees were', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 900n * gwei), fc.bigInt(1n, 900n * gwei), fc.bigInt(0n, 2_000n * gwei), (fee, tip, market) => {
      const last = { maxFeePerGas: fee, maxPriorityFeePerGas: min([tip, fee]) }
      const next = bump(policy, last, { maxFeePerGas: market, maxPriorityFeePerGas: market })
      if (next === null) return true
      return (
        next.maxFeePerGas <= policy.maxFeeCapWei &&
        next.maxPriorityFeePerGas <= next.maxFeePerGas &&
        next.maxFeePerGas * 10n >= last.maxFeePerGas * 11n &&
        next.maxPriorityFeePerGas * 10n >= last.maxPriorityFeePerGas * 11n
      )
    }),
  )
})
