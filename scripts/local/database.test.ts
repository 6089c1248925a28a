import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import type { PublicClient } from 'viem'
import { freshDatabase, startTestChain, type TestChain, type TestDatabase } from '../../common/node/testing.ts'
import { matchMirror } from './database.ts'

let database: TestDatabase
let chain: TestChain

before(async () => {
  database = await freshDatabase()
  chain = await startTestChain()
  await chain.client.mine({ blocks: 5 })
})
after(async () => {
  await chain.stop()
  await database.drop()
})

async function mirrorAt(number: number, hash: string) {
  await database.admin.query('truncate chain.checkpoint, chain.block cascade')
  await database.admin.query(
    `insert into chain.block (block_number, block_hash, parent_hash, block_time)
    values ($1, $2, $2, now())`,
    [number, hash],
  )
  await database.admin.query(
    `insert into chain.checkpoint (chain_id, contract, start_block, block_number, block_hash, block_time, final_block)
    values (31337, $1, 0, $2, $3, now(), $2)`,
    [`0x${'1'.repeat(40)}`, number, hash],
  )
}

async function mirroredBlocks(): Promise<number> {
  const { rows } = await database.admin.query<{ count: string }>('select count(*) from chain.block')
  return Number(rows[0]!.count)
}

describe('The mirror at a start', () => {
  const client = () => chain.client as PublicClient

  it('is kept when the chain has its newest final block', async () => {
    const { hash } = await client().getBlock({ blockNumber: 3n })
    await mirrorAt(3, hash!)
    expect(await matchMirror(database.adminUrl, client())).to.equal(false)
    expect(await mirroredBlocks()).to.equal(1)
  })

  it('is emptied, to be read again, when the chain lost that block or has another in its place', async () => {
    for (const number of [3, 4_000]) {
      await mirrorAt(number, `0x${'2'.repeat(64)}`)
      expect(await matchMirror(database.adminUrl, client())).to.equal(true)
      expect(await mirroredBlocks()).to.equal(0)
    }
  })

  it('that is still empty is left alone', async () => {
    await database.admin.query('truncate chain.checkpoint, chain.block cascade')
    expect(await matchMirror(database.adminUrl, client())).to.equal(false)
  })
})
