import { test } from 'node:test'
import { expect } from 'chai'
import type { Address } from 'viem'
import { distributionIdOf, shareOut } from './distribute.ts'

const holder = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as Address
const SHA = `0x${'11'.repeat(32)}` as const
const PLACE = { chainId: 31_337, vault: holder(9) }

test('the same report, project and period give the same id, and any other gives another', () => {
  const id = distributionIdOf(PLACE, 2, SHA, '')
  expect(distributionIdOf(PLACE, 2, SHA, '')).to.equal(id)
  const others = [
    distributionIdOf(PLACE, 3, SHA, ''),
    distributionIdOf(PLACE, 2, `0x${'22'.repeat(32)}`, ''),
    distributionIdOf(PLACE, 2, SHA, '2026-12'),
    distributionIdOf({ ...PLACE, chainId: 137 }, 2, SHA, ''),
    distributionIdOf({ ...PLACE, vault: holder(8) }, 2, SHA, ''),
  ]
  expect(new Set([id, ...others])).to.have.property('size', 6)
})

test('shares are proportional to units and never exceed the amount', () => {
  const shares = shareOut(
    [
      { holder: holder(1), units: 2n },
      { holder: holder(2), units: 1n },
    ],
    3n,
    100n,
  )
  // 66⅔ and 33⅓: what is rounded off stays in the vault.
  expect(shares.map(({ amount }) => amount)).to.deep.equal([66n, 33n])
  expect(shareOut([{ holder: holder(1), units: 4n }], 4n, 1_250_000_000n)[0]!.amount).to.equal(1_250_000_000n)
})

test('nobody holding anything shares nothing', () => {
  expect(shareOut([], 0n, 100n)).to.deep.equal([])
})
