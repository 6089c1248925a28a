import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import type { Hex } from 'viem'
import { inTransaction, openPool, type Pool } from '../../common/node/db.ts'
import { type Mirror, openMirror, type Scene, startScene } from '../testing.ts'
import { type Destination, openFile } from './destination.ts'
import { exportRelation, type Format } from './export-relation.ts'
import { findRelation, listRelations } from './relation.ts'
import { NotApplicable, type Wanted } from './rows-query.ts'
import { openExportSnapshot, readSnapshot } from './snapshot.ts'

const MOST = String(2n ** 256n - 1n)
const folder = mkdtempSync(join(tmpdir(), 'terra-export-'))

describe('an export', () => {
  let scene: Scene
  let mirror: Mirror
  let pool: Pool
  let firstTransfer: bigint

  before(async () => {
    scene = await startScene()
    mirror = await openMirror(scene)
    pool = openPool(mirror.database.urlOf('terra_analyst'))
    const [alice, bob] = scene.holders as [Hex, Hex]
    for (const projectId of [1, 2]) await scene.createProject(projectId)
    for (const holder of [alice, bob]) await scene.register(holder)
    await scene.mint(1, alice, 100n)
    await mirror.catchUp()
    firstTransfer = (await mirror.step()).head
    await scene.mint(2, bob, 7n)
    await scene.transfer(1, alice, bob, 30n)
    await scene.chain.client.mine({ blocks: 5 })
    await mirror.catchUp()
    // What no test chain produces: the largest number, a text that every format must escape, the last second a contract can count.
    await mirror.db.query(`update metadata set uri = $1 where project_id = 1`, ['ipfs://"a",\n\\b\tü'])
    await mirror.db.query(`update project_created set cap = $1 where project_id = 2`, [MOST])
    await mirror.db.query(`update account_set set expires_at = timestamptz '36812-02-20 00:36:15+00' where account = $1`, [bob])
    await mirror.db.query(`update account_set set expires_at = timestamptz '2031-01-02 03:04:05.25+00' where account = $1`, [alice])
  })
  after(async () => {
    await pool.end()
    await mirror.close()
    await scene.chain.stop()
  })

  async function write(label: string, format: Format, wanted: Wanted = {}, to?: Destination): Promise<{ path: string; rows: number }> {
    const path = join(folder, `${label}.${format}`)
    return inTransaction(pool, async (db) => {
      await openExportSnapshot(db, 'chain')
      const relation = (await findRelation(db, 'chain', label))!
      const snapshot = (await readSnapshot(db, wanted.asOfBlock, new Date(0)))!
      const destination = to ?? (await openFile(path))
      try {
        const rows = await exportRelation(db, relation, { format, wanted, snapshot }, destination, () => {})
        await destination.commit()
        return { path, rows }
      } finally {
        await destination.abort()
      }
    })
  }

  const parquet = async (path: string) => parquetReadObjects({ file: await asyncBufferFromFile(path) })
  const ndjson = (path: string) =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)

  it('says the same in CSV, NDJSON and Parquet, row by row', async () => {
    for (const label of ['transfer', 'chain.holding', 'project_state', 'analytics.flows']) {
      const { rows: truth } = await pool.query(`select to_jsonb(t)::jsonb as row from ${label.includes('.') ? label : `chain.${label}`} t`)
      const [csv, json, columns] = [await write(label, 'csv'), await write(label, 'ndjson'), await write(label, 'parquet')]
      expect([csv.rows, json.rows, columns.rows], label).to.deep.equal([truth.length, truth.length, truth.length])
      const lines = readFileSync(csv.path, 'utf8').trimEnd().split('\n')
      expect(lines.length, label).to.equal(truth.length + 1)
      const objects = ndjson(json.path)
      const fromParquet = await parquet(columns.path)
      for (const [at, object] of objects.entries()) {
        const asTexts = Object.entries(fromParquet[at]!).map(([name, value]) => [name, textOf(value)])
        expect(Object.fromEntries(asTexts), label).to.deep.equal(mapValues(object, textOf))
        const fields = Object.values(mapValues(object, textOf)).map((value) => value ?? '')
        expect(lines[at + 1], label).to.equal(fields.join(','))
      }
    }
  })

  it('keeps the largest numbers exact, and never makes them floats', async () => {
    const wanted = { projectId: 2 }
    expect(ndjson((await write('project_created', 'ndjson', wanted)).path)[0]).to.include({ cap: MOST, project_id: 2 })
    expect(readFileSync((await write('project_created', 'csv', wanted)).path, 'utf8')).to.include(`,${MOST},`)
    const [row] = await parquet((await write('project_created', 'parquet', wanted)).path)
    expect(row).to.include({ cap: MOST, project_id: 2 })
    expect(typeof row!.block_number).to.equal('bigint')
  })

  it('writes times in UTC as ISO 8601 has them, also those that a contract sets for ever', async () => {
    const times = ndjson((await write('account_set', 'ndjson')).path).map(({ expires_at }) => expires_at)
    expect(times).to.include.members(['+036812-02-20T00:36:15Z', '2031-01-02T03:04:05.25Z'])
    expect(new Date(times[0] as string).getTime()).to.not.be.NaN
    const rows = await parquet((await write('account_set', 'parquet')).path)
    expect(rows.map(({ expires_at }) => (expires_at as Date).toISOString())).to.include.members([
      '+036812-02-20T00:36:15.000Z',
      '2031-01-02T03:04:05.250Z',
    ])
  })

  it('escapes texts as each format wants it', async () => {
    const uri = 'ipfs://"a",\n\\b\tü'
    const wanted = { projectId: 1 }
    expect(ndjson((await write('metadata', 'ndjson', wanted)).path)[0]!.uri).to.equal(uri)
    expect((await parquet((await write('metadata', 'parquet', wanted)).path))[0]!.uri).to.equal(uri)
    expect(readFileSync((await write('metadata', 'csv', wanted)).path, 'utf8')).to.include(`"ipfs://""a"",\n\\b\tü"`)
  })

  it('has rows of a project, of some blocks, or as things stood at a block', async () => {
    const { rows } = await pool.query('select max(block_number) as newest from chain.transfer')
    const newest = BigInt(rows[0].newest)
    expect((await write('transfer', 'csv')).rows).to.equal(3)
    expect((await write('transfer', 'csv', { projectId: 2 })).rows).to.equal(1)
    expect((await write('transfer', 'csv', { fromBlock: newest })).rows).to.equal(1)
    expect((await write('transfer', 'csv', { toBlock: newest - 1n })).rows).to.equal(2)
    expect((await write('transfer', 'csv', { asOfBlock: firstTransfer })).rows).to.equal(1)
    const then = ndjson((await write('holding', 'ndjson', { asOfBlock: firstTransfer })).path)
    expect(then).to.deep.equal([{ project_id: 1, holder: scene.holders[0], units: '100' }])
    const one = ndjson((await write('holding', 'ndjson', { asOfBlock: newest, projectId: 1 })).path)
    expect(one.map(({ units }) => units)).to.have.members(['70', '30'])
    const refused = async (label: string, wanted: Wanted) => write(label, 'csv', wanted).catch((error) => error)
    expect(await refused('project', { asOfBlock: newest })).to.be.instanceOf(NotApplicable)
    expect(await refused('checkpoint', { projectId: 1 })).to.be.instanceOf(NotApplicable)
    expect(await refused('holding', { fromBlock: 1n })).to.be.instanceOf(NotApplicable)
  })

  it('carries its block and whether it is final in a Parquet file', async () => {
    const { path } = await write('transfer', 'parquet')
    const { key_value_metadata } = await parquetMetadataAsync(await asyncBufferFromFile(path))
    const said = JSON.parse(key_value_metadata!.find(({ key }) => key === 'terra.snapshot')!.value!)
    const { rows } = await pool.query('select block_number, final_block from chain.checkpoint')
    expect(said).to.deep.include({
      chainId: 31_337,
      contract: (scene.deployment.ownership as string).toLowerCase(),
      block: rows[0].block_number,
      finalBlock: rows[0].final_block,
      isFinal: false,
    })
  })

  it('knows only what its login may read, whatever the name looks like', async () => {
    await inTransaction(pool, async (db) => {
      const names = await listRelations(db, 'chain')
      expect(names).to.include.members(['chain.transfer', 'chain.project', 'analytics.holders'])
      expect(names.filter((name) => !/^(chain|analytics)\./.test(name))).to.deep.equal([])
      for (const name of ['app.account', 'account; drop table chain.transfer', 'pg_class', 'pg_catalog.pg_class', '"transfer"', ''])
        expect(await findRelation(db, 'chain', name), name).to.equal(undefined)
    })
    const indexerOnly = openPool(mirror.database.urlOf('terra_indexer'))
    await mirror.database.admin.query('revoke select on chain.transfer from terra_analyst')
    expect(await inTransaction(pool, (db) => findRelation(db, 'chain', 'transfer'))).to.equal(undefined)
    expect(await inTransaction(indexerOnly, (db) => findRelation(db, 'chain', 'transfer'))).not.to.equal(undefined)
    await mirror.database.admin.query('grant select on chain.transfer to terra_analyst')
    await indexerOnly.end()
  })

  it('streams: what is in memory does not grow with the table', async () => {
    await mirror.db.query(
      `insert into transfer select 1000000 + n, 0, 0, to_timestamp(n), tx_hash, operator, from_address, to_address, 9, n
      from generate_series(1, 120000) n, (select * from transfer limit 1) one`,
    )
    for (const [format, most] of [
      ['csv', 200_000],
      ['ndjson', 200_000],
      ['parquet', 8_000_000],
    ] as const) {
      const chunks: number[] = []
      const counting: Destination = {
        bytes: 0,
        sha256: () => '',
        write: async (chunk) => void chunks.push(chunk.byteLength),
        commit: async () => {},
        abort: async () => {},
      }
      expect((await write('transfer', format, { projectId: 9 }, counting)).rows).to.equal(120_000)
      expect(chunks.length, format).to.be.greaterThan(5)
      expect(Math.max(...chunks), format).to.be.below(most)
    }
    await mirror.db.query('delete from transfer where project_id = 9')
  })

  it('leaves nothing behind when writing fails half-way, and the database is as usable as before', async () => {
    await mirror.db.query(
      `insert into transfer select 1000000 + n, 0, 0, to_timestamp(n), tx_hash, operator, from_address, to_address, 9, n
      from generate_series(1, 50000) n, (select * from transfer limit 1) one`,
    )
    for (const format of ['csv', 'parquet'] as const) {
      const path = join(folder, `broken.${format}`)
      const file = await openFile(path)
      const full: Destination = {
        ...file,
        bytes: 0,
        async write(chunk) {
          await file.write(chunk)
          throw new Error('no space left on device')
        },
      }
      const failed = await write('transfer', format, {}, full).catch((error) => error.message)
      expect(failed).to.equal('no space left on device')
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('broken'))).to.deep.equal([])
    await mirror.db.query('delete from transfer where project_id = 9')
    expect((await write('transfer', 'csv')).rows).to.equal(3)
  })
})

function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (value instanceof Date) return value.toISOString().replace(/(T00:00:00)?\.000Z$/, (_all, midnight) => (midnight ? '' : 'Z'))
  return String(value)
}

function mapValues(object: Record<string, unknown>, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))
}
