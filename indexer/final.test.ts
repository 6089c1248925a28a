import { describe, it } from 'node:test'
import { expect } from 'chai'
import { type Hex, numberToHex, pad, zeroHash } from 'viem'
import { readFinalized } from './final.ts'
import type { Block, Source } from './source.ts'

describe('the final block that a node names', () => {
  const block = (number: bigint, fork = 0n): Block => ({
    number,
    hash: hashOf(number, fork),
    parentHash: zeroHash,
    timeSeconds: number,
    logsBloom: `0x${'0'.repeat(512)}`,
  })
  const source = { blockAt: async (number: bigint) => block(number) } as Source
  const read = (said: Block | undefined) => readFinalized(source, block(100n), 40n, said)

  it('is believed on the chain that the node sends, up to its head', async () => {
    for (const number of [41n, 99n, 100n]) expect(await read(block(number))).to.deep.equal(block(number))
  })

  it('is nobody’s above the head or on another chain', async () => {
    for (const said of [undefined, block(101n), block(100n, 1n), block(60n, 1n)]) expect(await read(said)).to.equal(undefined)
  })

  it('is compared with the mirror where that has come so far', async () => {
    expect(await read(block(40n, 1n))).to.deep.equal(block(40n, 1n))
  })
})

function hashOf(number: bigint, fork: bigint): Hex {
  return pad(numberToHex(number * 16n + fork), { size: 32 })
}
