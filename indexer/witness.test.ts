import { describe, it } from 'node:test'
import { expect } from 'chai'
import { type Hex, zeroHash } from 'viem'
import { Retry } from './errors.ts'
import type { Block } from './source.ts'
import { createWitness } from './witness.ts'

describe('another node', () => {
  const hash: Hex = `0x${'7'.repeat(64)}`
  let clock = 0
  const open = (blockAt: (number: bigint) => Promise<Block>) => createWitness({ blockAt }, () => clock)
  const block = async (number: bigint): Promise<Block> => ({ number, hash, parentHash: zeroHash, timeSeconds: 0n, logsBloom: '0x' })

  it('says whether it has the same block', async () => {
    const witness = open(block)
    expect(await witness({ number: 5n, hash })).to.equal(true)
    expect(await witness({ number: 5n, hash: zeroHash })).to.equal(false)
  })

  it('says nothing while it is behind, and is asked again at once', async () => {
    let calls = 0
    const witness = open(async () => {
      calls++
      throw new Retry('RPC_BLOCK_MISSING', 'The node has no block 5')
    })
    for (let times = 0; times < 2; times++) expect(await witness({ number: 5n, hash })).to.equal(undefined)
    expect(calls).to.equal(2)
  })

  it('that fails or hangs is left alone for half a minute', async () => {
    for (const blockAt of [() => Promise.reject(new Error('down')), () => new Promise<Block>(() => {})]) {
      let calls = 0
      const witness = open(() => {
        calls++
        return blockAt()
      })
      expect(await witness({ number: 5n, hash })).to.equal(undefined)
      clock += 29_000
      expect(await witness({ number: 5n, hash })).to.equal(undefined)
      expect(calls).to.equal(1)
      clock += 2_000
      await witness({ number: 5n, hash })
      expect(calls).to.equal(2)
    }
  })
})
