import { after, before, describe, test } from 'node:test'
import { expect } from 'chai'
import { freshDatabase, type TestDatabase } from '../../common/node/testing.ts'
import { createTransferDigests, holdingDigests } from './chain/digest.ts'
import { createLedger, mintSeveral, moveOne } from './chain/ledger.ts'
import { createRandom } from './chain/random.ts'
import { createTokens, IDS } from './chain/tokens.ts'
import { verifyIndex } from './verify-index.ts'

const QUERIES = {
  transfers: 'select * from moved',
  holdings: 'select * from held',
}
const TX = `0x${'ab'.repeat(32)}`

describe('verifying an index', () => {
  const tokens = createTokens(1, false)
  const ledger = createLedger()
  const digests = createTransferDigests()
  let database: TestDatabase
  const differences = () =>
    verifyIndex(database.admin, QUERIES, {
      transferDigests: digests.digests,
      holdingDigests: holdingDigests(tokens, ledger),
    })

  before(async () => {
    database = await freshDatabase()
    await database.admin.query(`
      create table moved (block int, tx text, log int, index int, operator text, from_address text, to_address text, id numeric, units numeric);
      create table held (id numeric, holder text, units numeric)`)
    const random = createRandom(1)
    for (let block = 0; block < 3_000; block += 50) {
      const moves = block % 100 === 0 ? mintSeveral(ledger, random, 3) : [moveOne(ledger, random)]
      const rows = moves.map(({ from, to, id, amount }, index) => {
        const addressOf = (holder: number) => (holder < 0 ? `0x${'0'.repeat(40)}` : tokens.holders[holder]!.address)
        const { id: name, unit } = tokens.ids[id]!
        return [block, TX, 0, index, addressOf(0), addressOf(from), addressOf(to), name, String(BigInt(amount) * unit)]
      })
      digests.add(
        block,
        rows.map((row) => `${row.join('|')}\n`),
      )
      for (const row of rows) await database.admin.query('insert into moved values ($1, $2, $3, $4, $5, $6, $7, $8, $9)', row)
    }
    for (const pair of ledger.held.subarray(0, ledger.heldCount)) {
      const { id, unit } = tokens.ids[pair % IDS]!
      const units = String(BigInt(ledger.amounts[pair]!) * unit)
      await database.admin.query('insert into held values ($1, $2, $3)', [id, tokens.holders[Math.floor(pair / IDS)]!.address, units])
    }
  })
  after(() => database.drop())

  test('finds nothing in a right one', async () => {
    expect(await differences()).to.deep.equal([])
  })

  test('does not mind the case of hex, nor who has nothing left', async () => {
    await database.admin.query('update moved set operator = upper(operator)')
    await database.admin.query(`insert into held values (7, '${tokens.holders[9]!.address}', 0)`)
    expect(await differences()).to.deep.equal([])
  })

  test('says in which thousand of blocks a transfer is missing or wrong', async () => {
    await database.admin.query('delete from moved where block = 1050')
    await database.admin.query('update moved set units = units + 1 where block = 2100')
    expect(await differences()).to.deep.equal(['transfers in blocks from thousand 1, 2'])
  })

  test('says of which project a holding is wrong', async () => {
    const { rows } = await database.admin.query('update held set units = units + 1 where ctid = (select min(ctid) from held) returning id')
    expect(await differences()).to.include(`holdings of project ${rows[0]!.id}`)
  })
})
