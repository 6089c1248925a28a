import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { expect } from 'chai'
import pg from 'pg'
import { Value } from 'typebox/value'
import type { Hex } from 'viem'
import { inTransaction } from '../common/node/db.ts'
import { until } from '../common/node/testing.ts'
import { buildBeside, readPlace, rebuildOf } from './reindex-build.ts'
import { compareMirrors } from './reindex-compare.ts'
import { NotSwapped, swapMirrors } from './reindex-swap.ts'
import { run } from './run.ts'
import { IndexerEnv, type Settings, settingsOf } from './settings.ts'
import { createLines, type Mirror, openMirror, type Scene, startScene } from './testing.ts'
import { verifyMirror } from './verify.ts'

const REBUILT = rebuildOf('chain')
const deploymentFile = join(mkdtempSync(join(tmpdir(), 'terra-reindex-')), 'deployment.json')
const NOW = new Date(Date.UTC(2031, 1, 3, 4, 5, 6))

describe('a reindexing', () => {
  let scene: Scene
  let mirror: Mirror
  let settings: Settings

  before(async () => {
    scene = await startScene()
    writeFileSync(deploymentFile, JSON.stringify(scene.deployment))
    const [alice, bob] = scene.holders as [Hex, Hex]
    await scene.createProject(1)
    for (const holder of [alice, bob]) await scene.register(holder)
    await scene.mint(1, alice, 100n)
    for (let times = 0; times < 4; times++) await scene.transfer(1, alice, bob, 3n)
    await scene.distribute(1, 999n)
    await scene.claim([1], alice)
    await scene.chain.client.mine({ blocks: 5 })
  })
  after(async () => {
    await mirror.close()
    await scene.chain.stop()
  })
  beforeEach(async () => {
    await mirror?.close()
    mirror = await openMirror(scene)
    await mirror.catchUp()
    const env = {
      RPC_URL: scene.chain.url,
      DATABASE_URL: mirror.database.urlOf('terra_indexer'),
      DEPLOYMENT_FILE: deploymentFile,
      POLL_MS: 50,
    }
    settings = await settingsOf(Value.Default(IndexerEnv, env) as IndexerEnv)
  })

  const deps = { log: createLines().log, clock: () => new Date() }
  const build = (stopping = new AbortController().signal) => buildBeside(settings, deps, stopping, () => {})
  const compare = async () => {
    const final = (await readPlace(mirror.db, 'chain'))!.final
    return inTransaction(mirror.database.admin, (db) => compareMirrors(db, 'chain', REBUILT, final))
  }
  async function swap() {
    const db = new pg.Client({ connectionString: settings.databaseUrl })
    await db.connect()
    return swapMirrors(db, 'chain', REBUILT, NOW).finally(() => db.end())
  }
  const differing = async () =>
    (await compare())
      .filter(({ firstDifference }) => firstDifference !== null)
      .map(({ table, firstDifference }) => [table, firstDifference!.key])

  const newestTransfer = async () =>
    (await mirror.db.query(`select block_number || '/' || log_index || '/0' as key from transfer order by block_number desc limit 1`))
      .rows[0]

  it('finds the same hash for every table when the mirror is right, and they are as good as it in its place', async () => {
    const before = await mirror.dump()
    await build()
    const tables = await compare()
    expect(tables.every(({ live, rebuilt }) => live.sha256 === rebuilt.sha256 && live.rows === rebuilt.rows)).to.equal(true)
    expect(tables.find(({ table }) => table === 'transfer')!.live.rows).to.be.greaterThan(4)
    expect(await swap()).to.equal('chain_before_20310203_040506')
    expect(await mirror.dump()).to.deep.equal(before)
  })

  it('names the table and the first row that differs: wrong, missing and left over', async () => {
    await build()
    const { rows } = await mirror.db.query(`select block_number || '/' || log_index || '/0' as key from transfer order by block_number`)
    await mirror.db.query(`update transfer set units = units + 1 where block_number > (select min(block_number) from transfer)`)
    expect(await differing()).to.deep.equal([['transfer', rows[1].key]])
    await mirror.db.query(`delete from transfer where block_number = (select min(block_number) from transfer)`)
    expect(await differing()).to.deep.equal([['transfer', rows[0].key]])
    await mirror.db.query(`insert into metadata select 1, 0, block_time, tx_hash, 77, version, metadata_hash, uri from metadata limit 1`)
    expect(await differing()).to.deep.equal([
      ['transfer', rows[0].key],
      ['metadata', '1/0'],
    ])
    const metadata = (await compare()).find(({ table }) => table === 'metadata')!
    expect(metadata.firstDifference).to.include({ rebuilt: null })
  })

  it('heals a mirror that was wrong, keeps the old tables, and what no chain can give back', async () => {
    await mirror.db.query(`update transfer set units = units + 1`)
    await mirror.db.query(
      `insert into incident (block_number, block_hash, replaced_by) select 5, block_hash, block_hash from block order by block_number limit 1`,
    )
    await build()
    const kept = await swap()
    const report = await verifyMirror({ pool: mirror.database.admin, client: scene.chain.client })
    expect(report.mismatches).to.deep.equal([])
    const { rows } = await mirror.database.admin.query(
      `select (select count(*)::int from app.open_incident) as incidents, (select count(*)::int from ${kept}.transfer) as old`,
    )
    expect(rows).to.deep.equal([{ incidents: 1, old: 5 }])
    expect(await readPlace(mirror.db, REBUILT)).to.equal(undefined)
  })

  it('keeps who may read, what indexes and comments there are, and the views', async () => {
    await mirror.db.query('revoke select on claim from terra_api')
    await mirror.db.query('grant update on claim to terra_worker with grant option')
    const shape = async () => {
      const { rows } = await mirror.database.admin.query(
        `select c.relname, c.relkind, c.relowner::regrole::text as owner, obj_description(c.oid, 'pg_class') as comment,
          case c.relkind when 'i' then pg_get_indexdef(c.oid) end as definition,
          (select array_agg(g::text order by g::text) from unnest(c.relacl) g) as rights,
          (select array_agg(col_description(a.attrelid, a.attnum) order by a.attnum) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as comments
        from pg_class c
        where c.relnamespace in ('chain'::regnamespace, 'analytics'::regnamespace)
        order by c.relnamespace::regnamespace::text, c.relname`,
      )
      return rows.map((row) => JSON.stringify(row))
    }
    const before = await shape()
    await build()
    await swap()
    const now = await shape()
    expect([before.filter((row) => !now.includes(row)), now.filter((row) => !before.includes(row))]).to.deep.equal([[], []])
    const { rows } = await mirror.database.admin.query('select project_id, units from analytics.holders order by units')
    expect(rows).to.have.length(2)
  })

  it('goes on where it was when it was stopped, instead of beginning anew', async () => {
    await build()
    const writer = async () =>
      (await mirror.db.query(`select xmin::text, block_number from ${REBUILT}.transfer order by block_number limit 1`)).rows
    const before = await writer()
    const [alice, bob] = scene.holders as [Hex, Hex]
    await scene.transfer(1, alice, bob, 0n)
    await scene.chain.client.mine({ blocks: 5 })
    await mirror.catchUp()
    expect(await differing()).to.deep.equal([['transfer', (await newestTransfer()).key]])
    await build()
    expect(await writer()).to.deep.equal(before)
    expect(await differing()).to.deep.equal([])
  })

  it('harms no indexer that runs meanwhile: it waits, and goes on from the new tables', async () => {
    const stopping = new AbortController()
    const indexers = [run(settings, deps, stopping.signal), run(settings, deps, stopping.signal)]
    await build()
    const [alice, bob] = scene.holders as [Hex, Hex]
    await scene.transfer(1, alice, bob, 1n)
    await swap()
    await scene.transfer(1, alice, bob, 2n)
    const units = async () => (await mirror.db.query('select units from holding where holder = $1', [bob])).rows[0]?.units
    await until(async () => (await units()) === '15')
    stopping.abort()
    await Promise.all(indexers)
    await scene.chain.client.mine({ blocks: 5 })
    await mirror.catchUp()
    const report = await verifyMirror({ pool: mirror.database.admin, client: scene.chain.client })
    expect(report.mismatches).to.deep.equal([])
  })

  it('changes nothing when a view of somebody else stands on the old tables, and names it', async () => {
    await mirror.database.admin.query('create view public.mine as select count(*) from chain.transfer')
    await mirror.database.admin.query('create view public.yours as select count(*) from chain.project')
    const before = await mirror.dump()
    await build()
    const refused = async () => swap().catch((error) => error)
    const error = await refused()
    expect(error).to.be.instanceOf(NotSwapped)
    expect(error.message).to.match(/yours/)
    await mirror.database.admin.query('drop view public.yours')
    expect((await refused()).message).to.match(/public\.mine/)
    expect(await mirror.dump()).to.deep.equal(before)
    expect(await readPlace(mirror.db, REBUILT)).not.to.equal(undefined)
    await mirror.database.admin.query('drop view public.mine')
    await swap()
    expect(await mirror.dump()).to.deep.equal(before)
  })
})
