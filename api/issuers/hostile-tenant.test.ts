import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { asViewer, openPool, type Pool, type Viewer } from '../../common/node/db.ts'
import { freshDatabase, type TestDatabase } from '../../common/node/testing.ts'
import { addTenant, ROWS, SECRET, type Tenant } from './testing-tenants.ts'

/** Columns unique over all issuers, and why a collision tells nothing. */
const UNIQUE_FOR_ALL: Record<string, string> = {
  'project slug': 'ends in random bytes, made by the api',
  'investment chain_investment_id': 'a hash over random bytes, made by the api; the order is refused before it is compared',
  'investment wire_reference': 'ten random characters, made by the api',
  'issuer_member account_id': 'one joins by one’s own account only',
}
/** Functions with the rights of their owner that change something, and why that crosses no border. */
const CHANGING: Record<string, string> = {
  accept_invitation: 'of the viewer, who has the secret',
  append_audit: 'adds only, and tells nothing',
  decide_accreditation: 'only as the desk decided its case',
  erase_account: 'of the account that the api signed in',
}

describe('a hostile tenant, with any SQL of its own', () => {
  let db: TestDatabase
  let pool: Pool
  let victim: Tenant
  let hostile: Tenant
  let viewer: Viewer
  let tables: string[]
  before(async () => {
    db = await freshDatabase()
    pool = openPool(db.urlOf('terra_api'), { max: 2 })
    victim = await addTenant(db.admin, SECRET)
    hostile = await addTenant(db.admin, 'mine-to-see')
    viewer = { issuerId: hostile.issuerId, accountId: hostile.accountId }
    const { rows } = await db.admin.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid
       where c.relnamespace = 'app'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attname = 'issuer_id' and not a.attisdropped
       order by 1`,
    )
    tables = rows.map(({ name }) => name)
  })
  after(async () => {
    await pool.end()
    await db.drop()
  })

  const attempt = (who: Viewer, sql: string, values: unknown[] = [], on = pool) =>
    asViewer(on, who, async (tx) => {
      const { rows, rowCount } = await tx.query(sql, values)
      return { rows, rowCount, code: 'taken' }
    }).catch((error: { code: string }) => ({ rows: [] as Record<string, string>[], rowCount: 0, code: error.code }))
  /** The rows of a table as text; empty where the table may not be read at all. */
  const read = async (who: Viewer, table: string, on = pool) =>
    JSON.stringify((await attempt(who, `select to_jsonb(t) as row from app.${table} t`, [], on)).rows)
  const holdsVictim = (text: string) => text.includes(SECRET) || text.includes(victim.issuerId)

  /** A tenant's row of a table, its columns that a caller chooses, and values of the other tenant where `change` says so. */
  async function rowOf(table: string, tenant: Tenant, change: Record<string, unknown> = {}) {
    const { rows } = await db.admin.query(`select to_jsonb(t) as row from app.${table} t where issuer_id = $1`, [tenant.issuerId])
    const columns = await db.admin.query<{ name: string }>(
      `select a.attname as name from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = ''
         and coalesce(pg_get_expr(d.adbin, d.adrelid), '') !~ 'gen_random_uuid'
         and (not has_any_column_privilege('terra_api', a.attrelid, 'insert') or has_column_privilege('terra_api', a.attrelid, a.attnum, 'insert'))`,
      [`app.${table}`],
    )
    const names = columns.rows.map(({ name }) => name).filter((name) => name !== 'id')
    const id = table === 'investment' ? { id: crypto.randomUUID() } : {}
    return { row: { ...rows[0].row, ...id, ...change }, names: [...names, ...Object.keys(id)] }
  }
  const insert = async (table: string, tenant: Tenant, change: Record<string, unknown>) => {
    const { row, names } = await rowOf(table, tenant, change)
    const list = names.join(', ')
    // Taken back at once, so that the row is no other test's.
    const sql = `insert into app.${table} (${list}) select ${list} from jsonb_populate_record(null::app.${table}, $1)`
    return asViewer(pool, viewer, async (tx) => {
      await tx.query(sql, [row])
      throw Object.assign(new Error('enough'), { code: 'taken' })
    }).catch((error: { code: string }) => error.code)
  }

  it('is tried at every table that issuers own, each with FORCE', async () => {
    expect(tables).to.deep.equal([...Object.keys(ROWS), 'project'].sort())
    const { rows } = await db.admin.query(
      `select relname from pg_class where relnamespace = 'app'::regnamespace and relname = any($1) and not (relrowsecurity and relforcerowsecurity)`,
      [[...tables, 'issuer']],
    )
    expect(rows).to.deep.equal([])
    for (const table of tables) expect(holdsVictim(JSON.stringify((await rowOf(table, victim)).row)), table).to.equal(true)
  })

  it('sees no row of another, and its own', async () => {
    for (const table of [...tables, 'issuer']) expect(holdsVictim(await read(viewer, table)), table).to.equal(false)
    for (const table of tables.filter((name) => name !== 'audit')) expect(await read(viewer, table), table).to.contain(hostile.issuerId)
    expect(holdsVictim(await read({ issuerId: victim.issuerId }, 'project'))).to.equal(true)
  })

  it('writes no row in another’s name', async () => {
    for (const table of tables) expect(await insert(table, victim, {}), table).to.equal('42501')
    for (const table of tables) {
      const sql = `update app.${table} set issuer_id = $1 where issuer_id = $2`
      const { code, rowCount } = await attempt(viewer, sql, [victim.issuerId, hostile.issuerId])
      expect(code === '42501' || rowCount === 0, table).to.equal(true)
    }
  })

  it('hangs nothing on what is another’s, and no refusal tells what another has', async () => {
    for (const table of tables) {
      if (table === 'project') continue
      const code = await insert(table, victim, { issuer_id: hostile.issuerId })
      const unknown = await insert(table, victim, {
        issuer_id: hostile.issuerId,
        ...('project_id' in (await rowOf(table, victim)).row && { project_id: 16_000_000 }),
      })
      // What needs no project of its own is simply the hostile tenant's.
      expect(code, table).to.be.oneOf(['42501', '23503', 'taken'])
      if (code !== 'taken') expect(unknown, table).to.equal(code)
    }
    expect(holdsVictim(await read({ issuerId: victim.issuerId }, 'document'))).to.equal(true)
    const { rows } = await db.admin.query<{ name: string }>(
      `select c.relname || ' ' || string_agg(a.attname, ',' order by a.attname) as name
       from pg_index i join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = any (i.indkey)
       where i.indisunique and c.relnamespace = 'app'::regnamespace and c.relname = any ($1)
       group by i.indexrelid, c.relname
       having not bool_or(a.attname in ('issuer_id', 'id', 'project_id', 'token_hash'))`,
      [tables],
    )
    expect(rows.map(({ name }) => name).filter((name) => !(name in UNIQUE_FOR_ALL))).to.deep.equal([])
  })

  it('changes and deletes nothing of another’s', async () => {
    for (const table of tables) {
      for (const sql of [
        `update app.${table} set issuer_id = issuer_id where issuer_id = $1`,
        `delete from app.${table} where issuer_id = $1`,
      ]) {
        const { rowCount, code } = await attempt(viewer, sql, [victim.issuerId])
        expect(rowCount, sql).to.equal(0)
        expect(code, sql).to.be.oneOf(['taken', '42501'])
      }
      expect((await rowOf(table, victim)).row, table).to.be.an('object')
    }
    expect((await attempt(viewer, 'truncate app.document')).code).to.equal('42501')
  })

  it('learns nothing by a view: each asks with the rights of its reader, and none is materialized', async () => {
    const { rows } = await db.admin.query<{ name: string; isInvoker: boolean; kind: string; schema: string }>(
      `select n.nspname as schema, n.nspname || '.' || c.relname as name, c.relkind as kind,
         coalesce(c.reloptions @> '{security_invoker=true}', false) as "isInvoker"
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('v', 'm') and n.nspname in ('app', 'chain', 'analytics', 'public', 'usage') and has_table_privilege('terra_api', c.oid, 'select')`,
    )
    expect(rows.filter(({ schema, kind, isInvoker }) => kind === 'm' || (schema === 'app' && !isInvoker))).to.deep.equal([])
    expect(rows.length).to.be.greaterThan(5)
    for (const { name } of rows) {
      const { rows: shown } = await attempt(viewer, `select to_jsonb(v) as row from ${name} v limit 1000`)
      expect(holdsVictim(JSON.stringify(shown)), name).to.equal(false)
    }
  })

  it('learns nothing by a function that has its owner’s rights', async () => {
    const { rows } = await db.admin.query<{ name: string; types: string[]; changes: boolean }>(
      `select p.proname as name, p.provolatile = 'v' as changes,
         coalesce((select array_agg(format_type(t, null) order by n) from unnest(p.proargtypes) with ordinality x(t, n)), '{}') as types
       from pg_proc p
       where p.pronamespace = 'app'::regnamespace and p.prosecdef and p.prorettype <> 'trigger'::regtype
         and has_function_privilege('terra_api', p.oid, 'execute')`,
    )
    expect(
      rows
        .filter(({ changes }) => changes)
        .map(({ name }) => name)
        .sort(),
    ).to.deep.equal(Object.keys(CHANGING).sort())
    const VALUES: Record<string, unknown[]> = {
      uuid: [victim.issuerId, victim.accountId, victim.investorId],
      integer: [victim.projectId],
      text: ['reg_cf', SECRET],
      'timestamp with time zone': [new Date(0)],
    }
    let calls = 0
    for (const { name, types } of rows.filter(({ changes }) => !changes)) {
      const lists = types.reduce<unknown[][]>((all, type) => all.flatMap((list) => VALUES[type]!.map((value) => [...list, value])), [[]])
      for (const values of lists) {
        const { rows: told, code } = await attempt(
          viewer,
          `select to_jsonb(f) as told from app.${name}(${values.map((_, i) => `$${i + 1}::${types[i]}`)}) f`,
          values,
        )
        expect(code, name).to.equal('taken')
        // Whom an account acts for is asked before there is a viewer; the id alone opens nothing.
        if (name !== 'issuer_of') expect(holdsVictim(JSON.stringify(told)), `${name}(${values})`).to.equal(false)
        calls++
      }
    }
    expect(calls).to.be.greaterThan(10)
  })

  for (const isAborted of [false, true]) {
    it(`finds nothing on a connection that another ${isAborted ? 'left in the middle of a broken transaction' : 'used before'}`, async () => {
      const one = openPool(db.urlOf('terra_api'), { max: 1 })
      for (const table of tables) {
        await attempt({ issuerId: victim.issuerId, accountId: victim.accountId }, isAborted ? 'select 1 / 0' : 'select 1', [], one)
        const loose = await one.query(`select to_jsonb(t) as row from app.${table} t`).catch(() => ({ rows: [] }))
        expect(holdsVictim(JSON.stringify(loose.rows)), `nobody: ${table}`).to.equal(false)
        expect(holdsVictim(await read(viewer, table, one)), table).to.equal(false)
      }
      await one.end()
    })
  }
})
