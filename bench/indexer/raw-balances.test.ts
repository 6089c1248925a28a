import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { expect } from 'chai'
import { freshDatabase, type TestDatabase } from '../../common/node/testing.ts'
import { type Facts, generateChain } from './chain/generate.ts'
import { readNumbers } from './chain/store.ts'
import { CONTRACT, createTokens, IDS } from './chain/tokens.ts'
import { createCleanup } from './cleanup.ts'
import { compareRawBalances } from './raw-balances.ts'
import { startNode } from './start-node.ts'

describe('balances that SQL makes of raw logs', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'terra-raw-'))
  const cleanup = createCleanup()
  let facts: Facts
  let nodeUrl: string
  let database: TestDatabase
  const differences = (expected: Pick<Facts, 'head' | 'transfers'> = facts) =>
    compareRawBalances(database.admin, {
      nodeUrl,
      contract: CONTRACT,
      facts: expected,
      holdings: 'select id, holder, units from held',
      onProgress: () => {},
    })

  before(async () => {
    facts = await generateChain(scratch, { seed: 5, transfers: 20_000, wideIds: true }, () => {})
    nodeUrl = (await startNode(scratch, cleanup)).url
    database = await freshDatabase()
    await database.admin.query('create table held (id numeric, holder text, units numeric)')
    const { holders, ids } = createTokens(facts.seed, facts.wideIds)
    const held = [...readNumbers(join(scratch, 'amounts'))].flatMap((amount, pair) => {
      const { id, unit } = ids[pair % IDS]!
      return amount === 0 ? [] : [{ id, holder: holders[Math.floor(pair / IDS)]!.address, units: String(BigInt(amount) * unit) }]
    })
    await database.admin.query('insert into held select * from jsonb_to_recordset($1) as row (id numeric, holder text, units numeric)', [
      JSON.stringify(held),
    ])
  })
  after(async () => {
    await database.drop()
    await cleanup.run()
    rmSync(scratch, { recursive: true, force: true })
  })

  test('are those of a right index, batches and ids of more than 64 bits included', async () => {
    expect(await differences()).to.deep.equal([])
  })

  test('name a holder who has one unit too many, one who is missing and one who never was', async () => {
    const admin = database.admin
    const change = (sql: string) => admin.query<{ id: string; holder: string; units: string }>(sql).then(({ rows }) => rows[0]!)
    const more = await change(
      'update held set units = units + 1 where ctid = (select ctid from held order by id, holder limit 1) returning id, holder, units - 1 as units',
    )
    const gone = await change('delete from held where ctid = (select ctid from held order by id desc, holder limit 1) returning *')
    const nobody = `0x${'9'.repeat(40)}`
    await admin.query('insert into held values (7, $1, 5)', [nobody])
    expect(await differences()).to.have.members([
      `${more.holder} has ${more.units} of ${more.id} by the raw logs, ${BigInt(more.units) + 1n} in the index`,
      `${gone.holder} has ${gone.units} of ${gone.id} by the raw logs, 0 in the index`,
      `${nobody} has 0 of 7 by the raw logs, 5 in the index`,
    ])
    await admin.query('delete from held where holder = $1', [nobody])
    await admin.query('insert into held values ($1, $2, $3)', [gone.id, gone.holder, gone.units])
    await admin.query('update held set units = units - 1 where id = $1 and holder = $2', [more.id, more.holder])
    expect(await differences()).to.deep.equal([])
  })

  test('say when not all logs were there', async () => {
    expect(await differences({ ...facts, transfers: facts.transfers + 1 })).to.deep.equal([
      `The raw logs move ${facts.transfers} pieces, the chain ${facts.transfers + 1}`,
    ])
    expect((await differences({ ...facts, head: facts.head - 20 })).length).to.be.greaterThan(1)
  })
})
