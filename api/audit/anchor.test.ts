import { after, before, test } from 'node:test'
import { expect } from 'chai'
import type { Hash } from 'viem'
import { type MintWorld, minter, startMintWorld } from '../mint/testing.ts'
import { openCycleScene, rounds } from '../mint/testing-cycle.ts'
import { anchorDay, decodeAnchor, encodeAnchor } from './anchor.ts'
import { noteAudit } from './note.ts'
import { sealAudit } from './seal.ts'

let world: MintWorld
before(async () => {
  world = await startMintWorld()
})
after(() => world.close())
const { untilQuiet } = openCycleScene(() => world)

const DAY_MS = 86_400_000
const inDays = (days: number) => () => new Date(Date.now() + days * DAY_MS)
const anchor = (days: number) => anchorDay({ ...world.engine(), clock: inDays(days) })
const note = (subject: string) => noteAudit(world.pool, { decision: 'allowed', action: 'note', subject })
const anchorsOnChain = async () => {
  const found = []
  for (let number = 0n; number <= (await world.chain.client.getBlockNumber()); number++) {
    const { transactions } = await world.chain.client.getBlock({ blockNumber: number, includeTransactions: true })
    found.push(
      ...transactions
        .filter(({ input }) => decodeAnchor(input))
        .map(({ input, from, to, value }) => ({ ...decodeAnchor(input)!, input, from, to, value })),
    )
  }
  return found
}

test('nothing is anchored of a day that goes on', async () => {
  await note('first')
  await sealAudit(world.pool)
  expect(await anchor(0)).to.equal(false)
})

test('the head of a day that ended is anchored once, however many ask', async () => {
  const asked = await Promise.all([1, 1, 1].map(anchor))
  expect(asked.filter(Boolean)).to.have.length(1)
  await untilQuiet(world.engine())
  const [one, ...more] = await anchorsOnChain()
  expect(more).to.have.length(0)
  const { rows } = await world.db.admin.query(`select seq, '0x' || encode(hash, 'hex') as hash from app.audit_seal where seq = $1`, [
    String(one!.seq),
  ])
  expect(rows).to.deep.equal([{ seq: String(one!.seq), hash: decodeAnchor(one!.input)!.hash }])
  const self = minter.address.toLowerCase()
  expect(one).to.include({ from: self, to: self, value: 0n })
  expect(await anchor(1)).to.equal(false)
})

test('a worker that dies between sending and noting anchors once', async () => {
  await note('second day')
  await sealAudit(world.pool)
  // Sealed rows are of today; of a later day they are when it has ended.
  expect(await anchor(2)).to.equal(true)
  const dying = world.engine({
    step: async (name) => {
      if (name === 'broadcast:sent') throw new Error('power cut')
    },
  })
  await rounds(dying)().catch(() => {})
  await untilQuiet(world.engine())
  const [, second, ...more] = await anchorsOnChain()
  expect(more).to.have.length(0)
  const { rows } = await world.db.admin.query<{ txHash: Hash; seq: string; state: string }>(
    `select c.tx_hash as "txHash", a.seq, c.state from app.audit_anchor a join app.chain_intent c on c.id = a.intent_id order by a.day desc limit 1`,
  )
  expect(rows[0]!.seq).to.equal(String(second!.seq))
  expect(rows[0]!.state).to.equal('final')
})

test('call data of anything else is no anchor', () => {
  const head = { seq: 7n, hash: `0x${'ab'.repeat(32)}` as Hash }
  expect(decodeAnchor(encodeAnchor(head))).to.deep.equal(head)
  for (const other of ['0x', `0x${'00'.repeat(96)}`, `${encodeAnchor(head)}00`] as Hash[]) expect(decodeAnchor(other)).to.equal(undefined)
})
