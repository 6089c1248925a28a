import { finished } from 'node:stream/promises'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { freshDatabase, type TestDatabase } from '../common/node/testing.ts'
import { createCopyBuffer } from './copy-buffer.ts'
import { viewOf } from './hex-words.ts'

describe('the copy buffer', () => {
  let database: TestDatabase
  let db: pg.Client
  before(async () => {
    database = await freshDatabase()
    db = new pg.Client({ connectionString: database.adminUrl })
    await db.connect()
    await db.query('create table sample (at int, small int, big bigint, moment timestamptz, yes boolean, words text, amount numeric)')
  })
  after(async () => {
    await db.end()
    await database.drop()
  })

  const amounts = [
    0n,
    1n,
    9_999n,
    10_000n,
    10_001n,
    99_990_000n,
    10n ** 8n,
    2n ** 52n - 1n,
    2n ** 52n,
    10n ** 40n,
    2n ** 255n + 7n,
    2n ** 256n - 1n,
  ]

  it('writes what Postgres reads back, whatever the number', async () => {
    const buffer = createCopyBuffer(16)
    for (const [at, amount] of amounts.entries()) {
      buffer.row(7)
      buffer.int4(at)
      buffer.int4(-at)
      buffer.int8(at * 2 ** 40 + at)
      buffer.time(at * 1_700_000_000)
      buffer.boolean(at % 2 === 0)
      if (at === 3) buffer.null()
      else buffer.text('ü'.repeat(at * 1_000))
      buffer.numeric(amount)
    }
    const rows = await copied(buffer.take())
    expect(rows.map((row) => BigInt(row.amount))).to.deep.equal(amounts)
    expect(rows.map((row) => Number(row.big))).to.deep.equal(amounts.map((_, at) => at * 2 ** 40 + at))
    expect(rows.map((row) => row.seconds)).to.deep.equal(amounts.map((_, at) => String(at * 1_700_000_000)))
    expect(rows.map((row) => row.words)).to.deep.equal(amounts.map((_, at) => (at === 3 ? null : 'ü'.repeat(at * 1_000))))
    expect(rows.map((row) => row.yes)).to.deep.equal(amounts.map((_, at) => at % 2 === 0))
  })

  it('writes words and hex straight from an answer, and says so when a digit is none', async () => {
    const words = viewOf(Buffer.from(amounts.map((amount) => amount.toString(16).padStart(64, '0')).join('')))
    const buffer = createCopyBuffer()
    for (const [at, amount] of amounts.entries()) {
      buffer.row(7)
      buffer.int4(at)
      buffer.null()
      buffer.null()
      buffer.null()
      buffer.null()
      expect(buffer.hexText(words, at * 64, 64)).to.equal(true)
      expect(buffer.numericWord(words, at * 64), String(amount)).to.equal(true)
    }
    const { position, rows: count } = buffer
    buffer.row(7)
    for (const digit of ['g', 'A', '"', ' '])
      for (const at of [0, 40, 63]) {
        const word = Buffer.from('1'.repeat(64))
        word.write(digit, at)
        expect(buffer.hexText(viewOf(word), 0, 64)).to.equal(false)
        expect(buffer.numericWord(viewOf(word), 0)).to.equal(false)
      }
    buffer.cutBack(position, count)
    const rows = await copied(buffer.take())
    expect(rows.map((row) => BigInt(row.amount))).to.deep.equal(amounts)
    expect(rows.map((row) => BigInt(row.words))).to.deep.equal(amounts)
  })

  async function copied(bytes: Buffer) {
    await db.query('truncate sample')
    const stream = db.query(copyFrom('copy sample from stdin (format binary)'))
    stream.end(bytes)
    await finished(stream)
    const { rows } = await db.query('select *, extract(epoch from moment)::bigint as seconds from sample order by at')
    return rows
  }
})
