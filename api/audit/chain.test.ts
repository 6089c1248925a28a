import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { expect } from 'chai'
import { inTransaction, openPool, type Pool } from '../../common/node/db.ts'
import { freshDatabase, type TestDatabase } from '../../common/node/testing.ts'
import { exportAudit } from './export.ts'
import { noteAudit } from './note.ts'
import { sealAudit } from './seal.ts'
import { type Flaw, verifyAudit } from './verify.ts'

describe('the chain of audit rows', () => {
  let db: TestDatabase
  let pool: Pool
  beforeEach(async () => {
    db = await freshDatabase()
    pool = openPool(db.urlOf('terra_worker'), { max: 8 })
    // What migrations changed after the audit began is in it too.
    for (const table of ['audit', 'audit_unsealed', 'audit_seal']) await tamper(`delete from app.${table}`)
  })
  afterEach(async () => {
    await pool.end()
    await db.drop()
  })

  const note = (subject: string, on: Pick<Pool, 'query'> = pool) => noteAudit(on, { decision: 'allowed', action: 'note', subject })
  const verify = (known: Parameters<typeof verifyAudit>[1] = []) => verifyAudit(pool, known, () => {})
  const flawOf = async (known?: Parameters<typeof verifyAudit>[1]) => (await verify(known)).flaw
  /** What somebody with the owner's rights can do: triggers don't fire for them when they say so. */
  const tamper = (sql: string, values: unknown[] = []) =>
    inTransaction(db.admin, async (own) => {
      await own.query('set local session_replication_role = replica')
      await own.query(sql, values)
    })
  async function sealed(count: number): Promise<void> {
    for (let index = 1; index <= count; index++) await note(`row ${index}`)
    await sealAudit(pool)
  }
  const idOf = async (subject: string) => (await db.admin.query('select id from app.audit where subject = $1', [subject])).rows[0].id

  it('has every row once and no gap, whoever seals beside whom and however slow a transaction is', async () => {
    const [begun, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const slow = inTransaction(pool, async (own) => {
      await note('slow', own)
      begun.resolve()
      await held.promise
    })
    await begun.promise
    await Promise.all(Array.from({ length: 60 }, (_, index) => note(`quick ${index}`)))
    await Promise.all([sealAudit(pool), sealAudit(pool), sealAudit(pool)])
    expect(await verify()).to.deep.include({ rows: 60, unsealed: 0, flaw: null })
    held.resolve()
    await slow
    expect(await verify()).to.deep.include({ rows: 60, unsealed: 1, flaw: null })
    expect(await sealAudit(pool)).to.equal(1)
    const report = await verify()
    expect(report).to.deep.include({ rows: 61, unsealed: 0, flaw: null })
    const { rows } = await db.admin.query(
      'select a.subject from app.audit_seal s join app.audit a on a.id = s.audit_id order by s.seq desc limit 1',
    )
    expect(rows[0].subject).to.equal('slow')
  })

  it('hashes what is not ASCII, and tells nothing from empty', async () => {
    await note('Žofie 🌱 “quoted” \\ line\nbreak')
    await note('')
    await sealAudit(pool)
    expect(await flawOf()).to.equal(null)
    await tamper(`update app.audit set permission = ''`)
    expect((await flawOf())?.kind).to.equal('altered')
  })

  const TAMPERINGS: [string, (id: string) => [string, unknown[]], Partial<Flaw>][] = [
    ...['actor', 'action', 'correlation', 'permission'].map((column): [string, (id: string) => [string, unknown[]], Partial<Flaw>] => [
      `a row whose ${column} was altered`,
      (id) => [`update app.audit set ${column} = 'x' where id = $1`, [id]],
      { kind: 'altered', seq: '3' },
    ]),
    ['a row whose data was altered', (id) => [`update app.audit set data = '{"a":1}' where id = $1`, [id]], { kind: 'altered', seq: '3' }],
    [
      'a row that is dated back',
      (id) => [`update app.audit_seal set hash = sha256(hash) where audit_id = $1`, [id]],
      { kind: 'altered', seq: '3' },
    ],
    ['a row that was taken out', (id) => ['delete from app.audit where id = $1', [id]], { kind: 'missing', seq: '3' }],
    [
      'a place that was taken out',
      (id) => ['delete from app.audit_seal where audit_id = $1', [id]],
      { kind: 'missing', seq: '3', id: null },
    ],
  ]
  for (const [name, make, expected] of TAMPERINGS) {
    it(`shows ${name}`, async () => {
      await sealed(6)
      const id = await idOf('row 3')
      await tamper(...make(id))
      expect(await flawOf()).to.deep.include(expected.kind === 'missing' && expected.id === null ? expected : { ...expected, id })
    })
  }

  it('shows a row that was put in past the program, and one that was taken out before it was sealed', async () => {
    await sealed(2)
    await tamper(`insert into app.audit (actor, decision, action, subject, data) values ('worker', 'allowed', 'x', 'forged', '{}')`)
    expect(await flawOf()).to.deep.include({ kind: 'unchained', id: await idOf('forged') })
    await tamper(`delete from app.audit where subject = 'forged'`)
    expect(await flawOf()).to.equal(null)
    await note('short-lived')
    const id = await idOf('short-lived')
    await tamper(`delete from app.audit where subject = 'short-lived'`)
    expect(await flawOf()).to.deep.include({ kind: 'removed_unsealed', id })
  })

  it('is whole in itself when its end was cut off or all of it written anew, and shown by a head that was kept elsewhere', async () => {
    await sealed(6)
    const { head } = await verify()
    const known = [{ seq: BigInt(head!.seq), hash: head!.hash }]
    expect(await verify(known)).to.deep.include({ flaw: null, anchors: 1 })
    await tamper(
      'with gone as (delete from app.audit_seal where seq > 4 returning audit_id) delete from app.audit where id in (select audit_id from gone)',
    )
    expect(await flawOf()).to.equal(null)
    expect(await flawOf(known)).to.deep.include({ kind: 'truncated', seq: '5' })
    await tamper(`update app.audit set actor = 'somebody else' where subject = 'row 1'`)
    await tamper('insert into app.audit_unsealed select id, at from app.audit')
    await tamper('delete from app.audit_seal')
    for (const subject of ['row 5', 'row 6']) await note(subject)
    await sealAudit(pool)
    expect(await flawOf()).to.equal(null)
    expect(await flawOf(known)).to.deep.include({ kind: 'other_chain', seq: '6' })
  })

  it('is written out as one object a line, in its order, from a moment on', async () => {
    await sealed(3)
    await note('later')
    const read = async (since?: Date) => {
      const out = new PassThrough()
      const chunks: Buffer[] = []
      out.on('data', (chunk) => chunks.push(chunk))
      const count = await exportAudit(pool, since, out)
      const lines = Buffer.concat(chunks).toString().split('\n').slice(0, -1)
      return { count, rows: lines.map((line) => JSON.parse(line)) }
    }
    const { count, rows } = await read()
    expect(count).to.equal(3)
    expect(rows.map(({ seq, subject }) => [seq, subject])).to.deep.equal([1, 2, 3].map((n) => [n, `row ${n}`]))
    expect(rows[0]).to.include({ actor: 'database:terra_worker', decision: 'allowed', issuerId: null })
    expect((await read(new Date(rows[1].at))).rows.length).to.be.oneOf([2, 3])
    expect((await read(new Date(Date.now() + 60_000))).count).to.equal(0)
  })

  it('has a partition for this month and the two after it, and rows never fail for want of one', async () => {
    const months = async () =>
      (await db.admin.query(`select count(*)::int as n from pg_inherits where inhparent = 'app.audit'::regclass`)).rows[0].n
    expect(await months()).to.equal(4)
    const inHalfAYear = new Date(Date.now() + 183 * 86_400_000)
    const { rows } = await pool.query('select app.keep_audit_months($1::date) as made', [inHalfAYear])
    expect(rows[0].made).to.equal(3)
    expect((await pool.query('select app.keep_audit_months($1::date) as made', [inHalfAYear])).rows[0].made).to.equal(0)
    await tamper(`insert into app.audit (at, actor, decision, action, subject, data) values ('2099-01-01', 'x', 'allowed', 'x', 'x', '{}')`)
    expect((await db.admin.query(`select tableoid::regclass::text as t from app.audit`)).rows[0].t).to.equal('app.audit_rest')
  })
})
