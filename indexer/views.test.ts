import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { inTransaction, openPool } from '../common/node/db.ts'
import { freshDatabase, type TestDatabase } from '../common/node/testing.ts'
import { refreshViews, replayViews } from '../common/node/views.ts'
import { PLACE, TABLES, type Table } from './tables.ts'

const HOLDER = `0x${(500).toString(16).padStart(40, '0')}`

describe('views over fifty thousand transfers', () => {
  let database: TestDatabase

  before(async () => {
    database = await freshDatabase()
    const { admin } = database
    const hash = (value: string) => `'0x' || lpad(to_hex(${value}), 64, '0')`
    const address = (value: string) => `'0x' || lpad(to_hex(${value}), 40, '0')`
    await admin.query(
      `insert into chain.checkpoint (chain_id, contract, start_block, block_number, block_hash, block_time, final_block, holding_block)
      values (1, ${address('1')}, 1, 13000, ${hash('1')}, now(), 13000, 13000)`,
    )
    // Ten thousand mints to five thousand holders, then forty thousand transfers among them.
    await admin.query(
      `insert into chain.transfer
      select g / 4 + 1, (g % 4)::int, 0, now(), ${hash('g')}, ${address('1')},
        case when g < 10000 then ${address('0')} else ${address('1 + (g * 7919) % 5000')} end,
        ${address('1 + (g * 104729) % 5000')}, (1 + g % 12)::int, case when g < 10000 then 1000000 else 1 + g % 5 end
      from generate_series(0::bigint, 49999) g`,
    )
    await admin.query(
      `insert into chain.holding
      select project_id, holder, sum(delta)
      from (
        select project_id, to_address as holder, units as delta from chain.transfer
        union all select project_id, from_address, -units from chain.transfer
      ) moved
      where holder <> ${address('0')}
      group by 1, 2
      having sum(delta) <> 0`,
    )
    await admin.query(
      `insert into chain.epoch
      select 3000 + epoch * 800, 100 + project, now(), ${hash('1')}, project, epoch, 1000000, 1000000, epoch * 5 * 18446744073709551616 / 7
      from generate_series(1, 12) project, generate_series(1, 12) epoch`,
    )
    await admin.query(
      `insert into chain.account_set
      select g, 900, now(), ${hash('g')}, ${address('g % 5000')}, 3, now(), 756, 0, g from generate_series(1, 10000) g`,
    )
    await admin.query('analyze')
  })
  after(() => database.drop())

  const planOf = async (query: string, ...values: unknown[]) => {
    const { rows } = await database.admin.query(`explain (format json) ${query}`, values)
    return JSON.stringify(rows[0]['QUERY PLAN'])
  }

  it('chain.holding finds one holder, and one project, by index', async () => {
    expect(await planOf('select * from chain.holding where holder = $1', HOLDER)).to.include('"holding_pkey"')
    expect(await planOf('select * from chain.holding where project_id = $1 order by units desc limit 10', 3)).to.include(
      '"holding_project"',
    )
  })

  it('chain.claimable finds one holder by index', async () => {
    const plan = await planOf('select * from chain.claimable where holder = $1', HOLDER)
    expect(plan).to.include('"transfer_to"').and.to.include('"transfer_from"')
    expect(plan).not.to.match(/"Seq Scan"[^{}]*"Relation Name":"transfer"/)
  })

  it('chain.claimable finds one project by index', async () => {
    const plan = await planOf('select * from chain.claimable where project_id = $1', 3)
    expect(plan).to.match(/"Index Cond":"\(+project_id = 3\)/)
    expect(plan).not.to.match(/"Seq Scan"[^{}]*"Relation Name":"transfer"/)
  })

  it('chain.account finds one address by index', async () => {
    expect(await planOf('select * from chain.account where account = $1', HOLDER)).to.include('"account_set_account"')
  })

  it('agree with each other', async () => {
    const { rows } = await database.admin.query(
      `select count(*)::int as differences
      from (select project_id, holder, units from chain.holding where project_id = 3) a
      full join chain.holding_at(3, 13000) b using (project_id, holder)
      where a.units is distinct from b.units`,
    )
    expect(rows[0].differences).to.equal(0)
  })
})

describe('views over a mirror', () => {
  let database: TestDatabase
  before(async () => {
    database = await freshDatabase()
  })
  after(() => database.drop())

  it('say what every column means, and so do the tables', async () => {
    const { rows } = await database.admin.query(
      `select c.oid::regclass || coalesce('.' || a.attname, '') as name
      from pg_class c
      cross join lateral (
        select attname, attnum from pg_attribute where attrelid = c.oid and attnum > 0 and not attisdropped
        union all select null, 0
      ) a
      where c.relnamespace in ('chain'::regnamespace, 'analytics'::regnamespace) and c.relkind in ('r', 'v', 'm', 'p')
        and coalesce(col_description(c.oid, nullif(a.attnum, 0)), case when a.attnum = 0 then obj_description(c.oid, 'pg_class') end) is null`,
    )
    expect(rows.map(({ name }) => name)).to.deep.equal([])
  })

  it('stand over tables with the columns that the decoder fills', async () => {
    const { rows } = await database.admin.query<{ tab: Table; col: string; type: string; nullable: boolean }>(
      `select c.relname as tab, a.attname as col, coalesce(nullif(t.typbasetype, 0), t.oid)::regtype::text as type, not a.attnotnull as nullable
      from pg_class c
      join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      join pg_type t on t.oid = a.atttypid
      where c.relnamespace = 'chain'::regnamespace and c.relkind = 'r'`,
    )
    const types = { int: 'integer', bigint: 'bigint', text: 'text', numeric: 'numeric', boolean: 'boolean' }
    const typeOf = (kind: string) => ({ ...types, seconds: 'timestamp with time zone' })[kind.replace('?', '') as keyof typeof types]
    const expected = Object.entries(TABLES).flatMap(([tab, columns]) =>
      Object.entries({ ...PLACE, ...columns }).map(([col, kind]) => `${tab}.${col} ${typeOf(kind)} ${kind.endsWith('?')}`),
    )
    const found = rows.filter(({ tab }) => tab in TABLES).map(({ tab, col, type, nullable }) => `${tab}.${col} ${type} ${nullable}`)
    expect(found.sort()).to.deep.equal(expected.sort())
  })

  it('belong to the indexer, and read with the rights of who asks', async () => {
    const { rows } = await database.admin.query(
      `select relname from pg_class
      where relnamespace in ('chain'::regnamespace, 'analytics'::regnamespace) and relkind in ('r', 'v')
        and (pg_get_userbyid(relowner) <> 'terra_indexer' or relkind = 'v' and reloptions is distinct from '{security_invoker=true}')`,
    )
    expect(rows).to.deep.equal([])
  })

  it('run again only when one of their files changed', async () => {
    const again = () => inTransaction(database.admin, refreshViews)
    expect(await again()).to.deep.equal([])
    const name = 'indexer/views/3_returns.sql'
    await database.admin.query('update public.migration set digest = $2 where name = $1', [name, 'old'])
    expect(await again()).to.deep.equal([name])
    expect(await again()).to.deep.equal([])
    await database.admin.query(`insert into public.migration (name, digest) values ('indexer/views/gone.sql', 'old')`)
    await again()
    expect((await database.admin.query(`select from public.migration where name like '%/gone.sql'`)).rowCount).to.equal(0)
  })

  it('are put over tables of another schema by the indexer itself, and back over new ones', async () => {
    const indexer = openPool(database.urlOf('terra_indexer'), { max: 1 })
    await inTransaction(indexer, async (db) => {
      await db.query('create schema twin')
      const { rows } = await db.query(`select tablename as name from pg_tables where schemaname = 'chain'`)
      for (const { name } of rows) await db.query(`create table twin.${name} (like chain.${name} including all)`)
      await replayViews(db, 'twin')
    })
    await indexer.query(`insert into twin.role_set values (1, 1, now(), $1, $2, 'minter')`, [`0x${'1'.repeat(64)}`, HOLDER])
    expect((await indexer.query('select role from twin.ledger_role')).rows).to.deep.equal([{ role: 'minter' }])
    expect((await indexer.query('select role from chain.ledger_role')).rows).to.deep.equal([])
    await inTransaction(indexer, async (db) => {
      await db.query('alter schema chain rename to past')
      await db.query('alter schema twin rename to chain')
      await replayViews(db)
    })
    expect((await indexer.query('select role from chain.ledger_role')).rows).to.deep.equal([{ role: 'minter' }])
    const { rows } = await database.admin.query(
      `select distinct dependent.relname from pg_depend d
      join pg_rewrite r on r.oid = d.objid
      join pg_class dependent on dependent.oid = r.ev_class
      join pg_class used on used.oid = d.refobjid
      where dependent.relnamespace = 'analytics'::regnamespace and used.relnamespace = 'past'::regnamespace`,
    )
    expect(rows).to.deep.equal([])
    await indexer.end()
  })
})
