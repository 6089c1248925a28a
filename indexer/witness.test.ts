import { describe, it } from 'node:test'
import { expect } from 'chai'
import { type Hex, zeroHash } from 'viem'
import { Retry } from './errors.ts'
import type { Block, MinedLog } from './source.ts'
import { createWitness } from './witness.ts'

describe('another node', () => {
  const hash: Hex = `0x${'7'.repeat(64)}`
  let clock = 0
  const open = (blockAt: (number: bigint) => Promise<Block>, logsBetween = async (_from: bigint, _to: bigint): Promise<MinedLog[]> => []) =>
    createWitness({ blockAt, logsBetween }, () => clock)
  const block = async (number: bigint): Promise<Block> => ({ number, hash, parentHash: zeroHash, timeSeconds: 0n, logsBloom: '0x' })

  it('says whether it has the same block', async () => {
    const witness = open(block)
    expect(await witness.hasBlock({ number: 5n, hash })).to.equal(true)
    expect(await witness.hasBlock({ number: 5n, hash: zeroHash })).to.equal(false)
  })

  it('says nothing while it is behind, and is asked again at once', async () => {
    let calls = 0
    const witness = open(async () => {
      calls++
      throw new Retry('RPC_BLOCK_MISSING', 'The node has no block 5')
    })
    for (let times = 0; times < 2; times++) expect(await witness.hasBlock({ number: 5n, hash })).to.equal(undefined)
    expect(calls).to.equal(2)
  })

  it('says which logs it has up to a block that it has, in parts where it refuses the whole', async () => {
    const ranges: string[] = []
    const witness = open(block, async (from, to) => {
      ranges.push(`${from}-${to}`)
      if (to - from >= 2n) throw new Error('query exceeds max block range 2')
      return [{ blockNumber: to } as MinedLog]
    })
    expect(await witness.logsUpTo(1n, { number: 4n, hash: zeroHash })).to.equal(undefined)
    expect((await witness.logsUpTo(1n, { number: 4n, hash }))?.map(({ blockNumber }) => blockNumber)).to.deep.equal([2n, 4n])
    expect(ranges).to.deep.equal(['1-4', '1-2', '3-4'])
  })

  it('that fails or hangs is left alone for half a minute', async () => {
    for (const blockAt of [() => Promise.reject(new Error('down')), () => new Promise<Block>(() => {})]) {
      let calls = 0
      const witness = open(() => {
        calls++
        return blockAt()
      })
      expect(await witness.hasBlock({ number: 5n, hash })).to.equal(undefined)
      clock += 29_000
      expect(await witness.hasBlock({ number: 5n, hash })).to.equal(undefined)
      expect(calls).to.equal(1)
      clock += 2_000
      await witness.hasBlock({ number: 5n, hash })
      expect(calls).to.equal(2)
    }
  })
})
