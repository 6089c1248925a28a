import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { asViewer, openPool, type Pool, type Viewer } from '../common/node/db.ts'
import { freshDatabase, type TestDatabase } from '../common/node/testing.ts'

/** Tables with rows that belong to an issuer, and how a row of one looks. `$1` project, `$2` issuer, `$3` account. */
const TABLES = {
  project: `insert into app.project (issuer_id, slug, name, summary, description, technology, build_status, country, city, latitude, longitude,
      capacity_kw, annual_mwh, unit_price_cents, units_offered, expected_return_bps, exit_years, exit_target_per_unit)
    select $2::uuid, 'slug-' || gen_random_uuid(), 'n', 's', 'd', 'wind', 'operating', 'DE', 'Kiel', 54, 10, 1, 1, 1000, 100, 500, 10, 0
    where $1::int is not null and $3::uuid is not null`,
  document: `insert into app.document (project_id, issuer_id, kind, title, file_name, media_type, bytes, cid, sha256, created_at)
    select $1::int, $2::uuid, 'legal', 't', 'f.pdf', 'application/pdf', 1, gen_random_uuid()::text, '0x' || repeat('ab', 32), now() where $3::uuid is not null`,
  project_update: `insert into app.project_update (project_id, issuer_id, kind, title, content, published_at)
    select $1::int, $2::uuid, 'progress', 't', 'c', now() where $3::uuid is not null`,
  investment: `insert into app.investment (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents, currency, state, reserved_until, created_at, updated_at)
    select gen_random_uuid(), '0x' || md5(random()::text) || md5(random()::text), $3::uuid, $1::int, $2::uuid, '0x' || repeat('a1', 20), 1, 1000, 1000, 'USD', 'awaiting_payment', now(), now(), now()`,
} as const
type Table = keyof typeof TABLES

describe('row-level security', () => {
  let db: TestDatabase
  let pool: Pool
  const issuers: string[] = []
  const accounts: string[] = []
  /** Of issuer 0: a draft and a submitted project; of issuer 1: a draft. */
  const projects: number[] = []
  before(async () => {
    db = await freshDatabase()
    pool = openPool(db.urlOf('terra_api'))
    for (const name of ['A', 'B']) {
      issuers.push((await db.admin.query(`insert into app.issuer (name, country) values ($1, 'DE') returning id`, [name])).rows[0].id)
      accounts.push((await db.admin.query('insert into app.account default values returning id')).rows[0].id)
    }
    for (const [issuer, isSubmitted] of [
      [0, false],
      [0, true],
      [1, false],
    ] as const) {
      const { rows } = await db.admin.query(
        `insert into app.project (issuer_id, slug, name, summary, description, technology, build_status, country, city, latitude, longitude,
           capacity_kw, annual_mwh, unit_price_cents, units_offered, expected_return_bps, exit_years, exit_target_per_unit, submitted_at)
         values ($1, 'slug-' || gen_random_uuid(), 'n', 's', 'd', 'wind', 'operating', 'DE', 'Kiel', 54, 10, 1, 1, 1000, 100, 500, 10, 0, $2)
         returning project_id`,
        [issuers[issuer], isSubmitted ? new Date() : null],
      )
      projects.push(rows[0].project_id)
    }
    for (const table of ['document', 'project_update', 'investment'] as const) {
      for (const [project, issuer, account] of [
        [0, 0, 0],
        [1, 0, 1],
        [2, 1, 0],
      ] as const) {
        await db.admin.query(TABLES[table], [projects[project], issuers[issuer], accounts[account]])
      }
    }
  })
  after(async () => {
    await pool.end()
    await db.drop()
  })

  const viewers: Record<string, () => Viewer> = {
    nobody: () => ({}),
    'issuer A': () => ({ issuerId: issuers[0] }),
    'issuer B': () => ({ issuerId: issuers[1] }),
    'investor 0': () => ({ accountId: accounts[0] }),
    'investor 1': () => ({ accountId: accounts[1] }),
  }
  /** Which of the three projects' rows each viewer sees. */
  const VISIBLE: Record<Table, Record<keyof typeof viewers, number[]>> = {
    project: { nobody: [1], 'issuer A': [0, 1], 'issuer B': [1, 2], 'investor 0': [1], 'investor 1': [1] },
    document: { nobody: [1], 'issuer A': [0, 1], 'issuer B': [1, 2], 'investor 0': [1], 'investor 1': [1] },
    project_update: { nobody: [1], 'issuer A': [0, 1], 'issuer B': [1, 2], 'investor 0': [1], 'investor 1': [1] },
    investment: { nobody: [], 'issuer A': [0, 1], 'issuer B': [2], 'investor 0': [0, 2], 'investor 1': [1] },
  }

  for (const table of Object.keys(TABLES) as Table[]) {
    for (const [name, viewer] of Object.entries(viewers)) {
      it(`shows ${name} the rows of ${table} that are theirs to see`, async () => {
        const { rows } = await asViewer(pool, viewer(), (tx) => tx.query(`select project_id from app.${table} order by project_id`))
        expect(rows.map((row) => projects.indexOf(row.project_id))).to.deep.equal(VISIBLE[table][name])
      })
    }

    it(`does not let issuer B write rows of ${table} for issuer A`, async () => {
      const work = asViewer(pool, { issuerId: issuers[1] }, (tx) => tx.query(TABLES[table], [projects[0], issuers[0], accounts[0]]))
      expect(
        await work.then(
          () => 'written',
          (error: { code: string }) => error.code,
        ),
      ).to.equal('42501')
    })

    it(`does not let issuer B or nobody change issuer A’s rows of ${table}`, async () => {
      for (const viewer of [{ issuerId: issuers[1] }, {}]) {
        const { rowCount } = await asViewer(pool, viewer, (tx) =>
          tx.query(`update app.${table} set issuer_id = issuer_id where issuer_id = $1`, [issuers[0]]),
        )
        expect(rowCount).to.equal(0)
      }
    })
  }

  it('forgets the viewer with the transaction', async () => {
    const one = openPool(db.urlOf('terra_api'), { max: 1 })
    await asViewer(one, { issuerId: issuers[0], accountId: accounts[0] }, async () => {})
    expect((await one.query('select from app.investment')).rowCount).to.equal(0)
    await one.end()
  })

  it('shows an issuer its own members only, tells an account its issuer, and lets nobody join by the api', async () => {
    for (const [index, issuer] of issuers.entries())
      await db.admin.query('insert into app.issuer_member (issuer_id, account_id) values ($1, $2)', [issuer, accounts[index]])
    const seen = (viewer: Viewer) =>
      asViewer(pool, viewer, async (db) => (await db.query('select account_id from app.issuer_member')).rows.map((row) => row.account_id))
    expect(await seen({ issuerId: issuers[0] })).to.deep.equal([accounts[0]])
    expect(await seen({ issuerId: issuers[1] })).to.deep.equal([accounts[1]])
    expect(await seen({ accountId: accounts[0] })).to.deep.equal([])
    const { rows } = await pool.query('select app.issuer_of($1) as issuer', [accounts[1]])
    expect(rows[0].issuer).to.equal(issuers[1])
    const joining = asViewer(pool, { issuerId: issuers[0] }, (db) =>
      db.query('insert into app.issuer_member (issuer_id, account_id) values ($1, $2)', [issuers[0], accounts[1]]),
    )
    expect(await joining.catch((error: Error) => error.message)).to.match(/permission denied/)
  })

  it('is enabled and forced on every table with an issuer_id', async () => {
    const { rows } = await db.admin.query(
      `select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as "isForced"
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
       where n.nspname = 'app' and c.relkind = 'r' and a.attname = 'issuer_id'`,
    )
    expect(rows.filter((row) => !row.isForced).map((row) => row.name)).to.deep.equal([])
  })
})
