import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, beforeEach, describe, it } from 'node:test'
import { expect } from 'chai'
import type { Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { openPool, type Pool } from '../common/node/db.ts'
import { TEST_KEYS } from '../common/node/testing.ts'
import { compareWithReport } from './report-tables.ts'
import { checkReport, type SignedReport, signReport } from './signed-report.ts'
import { TABLES } from './tables.ts'
import { type Mirror, openMirror, type Scene, startScene } from './testing.ts'
import { verifyMirror } from './verify.ts'

describe('a signed report', () => {
  const signer = privateKeyToAccount(TEST_KEYS[0])
  let scene: Scene
  let mirror: Mirror
  let pool: Pool
  let signed: SignedReport

  before(async () => {
    scene = await startScene()
    mirror = await openMirror(scene)
    pool = openPool(mirror.database.urlOf('terra_analyst'))
    const [alice, bob] = scene.holders as [Hex, Hex]
    await scene.createProject(1)
    for (const holder of [alice, bob]) await scene.register(holder)
    await scene.mint(1, alice, 100n)
    await scene.transfer(1, alice, bob, 3n)
    await scene.chain.client.mine({ blocks: 5 })
  })
  after(async () => {
    await pool.end()
    await mirror.close()
    await scene.chain.stop()
  })
  beforeEach(async () => {
    await mirror.truncate()
    await mirror.catchUp()
    signed = await sign()
  })

  async function sign(hashesTables = true): Promise<SignedReport> {
    const report = await verifyMirror({ pool, client: scene.chain.client }, { hashesTables })
    const { contracts } = mirror.mirrored
    const providers = { mirrored: ['node.example'], asked: ['other.example'] }
    return signReport(report, { madeAt: '2026-01-01T00:00:00.000Z', program: '1.2.3', schema: 'chain', contracts, providers }, signer)
  }
  const compare = () => compareWithReport(pool, signed, 'chain')

  it('names the block, the supplies on both sides, the versions, the contracts and the providers', async () => {
    const { report } = signed
    const { hash } = await scene.chain.client.getBlock({ blockNumber: BigInt(report.block) })
    const migrations = (await readdir(join(import.meta.dirname, 'sql'))).sort()
    expect(report).to.deep.include({
      hash,
      chainId: 31_337,
      schemaVersion: `indexer/sql/${migrations.at(-1)}`,
      program: '1.2.3',
      contracts: mirror.mirrored.contracts,
      providers: { mirrored: ['node.example'], asked: ['other.example'] },
      supplies: [{ projectId: 1, chain: '100', mirror: '100', from: 'totalSupply' }],
    })
  })

  it('has a hash of every table that anybody can compute with a query and sha256', async () => {
    const tables = signed.report.tables!
    expect(Object.keys(tables)).to.have.members(Object.keys(TABLES))
    const { rows } = await mirror.db.query<{ line: string }>(
      `select concat_ws(E'\\t', block_number, log_index, batch_index, block_time at time zone 'UTC' || '+00', tx_hash, operator,
        from_address, to_address, project_id, units) || E'\\n' as line
      from transfer
      where block_number <= $1
      order by block_number, log_index, batch_index`,
      [signed.report.block],
    )
    const sha256 = createHash('sha256')
      .update(rows.map(({ line }) => line).join(''))
      .digest('hex')
    expect(tables.transfer).to.deep.equal({ rows: 2, sha256 })
  })

  it('says who signed it, also when read from a file, and whether anything in it was altered', async () => {
    expect(await checkReport(signed)).to.equal(signer.address)
    const read = JSON.parse(JSON.stringify(signed)) as SignedReport
    expect(await checkReport(read)).to.equal(signer.address)
    const { report } = signed
    const altered: Partial<SignedReport>[] = [
      { report: { ...report, differences: 1 } },
      { report: { ...report, tables: { ...report.tables!, transfer: { rows: 1, sha256: '0'.repeat(64) } } } },
      { report: { ...report, supplies: [{ ...report.supplies[0]!, chain: '99' }] } },
      { report: { ...report, providers: { mirrored: ['node.example'], asked: ['third.example'] } } },
      { signer: privateKeyToAccount(TEST_KEYS[1]).address },
    ]
    for (const change of altered) expect(await checkReport({ ...signed, ...change })).to.equal('altered')
    expect(await checkReport({ ...signed, signature: null, signer: null })).to.equal('unsigned')
  })

  it('fits the database it was made of, also when the mirror has gone on since, and one that was made anew', async () => {
    expect(await compare()).to.deep.equal({ status: 'same', tables: Object.keys(TABLES).length })
    await scene.transfer(1, scene.holders[0]!, scene.holders[1]!, 1n)
    await scene.chain.client.mine({ blocks: 5 })
    await mirror.catchUp()
    expect((await compare()).status).to.equal('same')
    await mirror.truncate()
    await mirror.catchUp()
    expect((await compare()).status).to.equal('same')
  })

  it('names the table in which a row was altered, and of several the first by name', async () => {
    await mirror.db.query(`update transfer set tx_hash = '0x${'1'.repeat(64)}' where units = 3`)
    const found = await compare()
    expect(found).to.deep.include({ status: 'differs', table: 'transfer', reported: signed.report.tables!.transfer })
    expect(found).to.have.nested.property('found.rows', signed.report.tables!.transfer.rows)
    await mirror.db.query(`update account_set set country = 1`)
    expect(await compare()).to.deep.include({ status: 'differs', table: 'account_set' })
  })

  it('names a table that lost its newest row, and one that was emptied', async () => {
    await mirror.db.query('delete from transfer where block_number = (select max(block_number) from transfer)')
    expect(await compare())
      .to.deep.include({ status: 'differs', table: 'transfer' })
      .and.have.nested.property('found.rows', signed.report.tables!.transfer.rows - 1)
    await mirror.db.query('truncate account_set')
    expect(await compare())
      .to.deep.include({ status: 'differs', table: 'account_set' })
      .and.have.nested.property('found.rows', 0)
  })

  it('shows holdings that are not the sum of their transfers', async () => {
    await mirror.db.query('update holding set units = units + 1')
    expect(await compare()).to.deep.equal({ status: 'differs', table: 'holding', holdings: 2 })
  })

  it('is not held against what cannot be compared', async () => {
    const reasonOf = async (change: Partial<SignedReport['report']>) => {
      const found = await compareWithReport(pool, { ...signed, report: { ...signed.report, ...change } }, 'chain')
      return found.status === 'incomparable' ? found.reason : found.status
    }
    expect(await reasonOf({ tables: null })).to.match(/no hashes/)
    expect(await reasonOf({ chainId: 1 })).to.match(/follows 0x\w+ on chain 31337/)
    expect(await reasonOf({ block: '99999999' })).to.match(/final up to block \d+ only/)
    await mirror.db.query('truncate account_set')
    expect(await reasonOf({ schemaVersion: 'indexer/sql/000.sql' })).to.match(/account_set is not the same, but it was as of/)
    await mirror.truncate()
    expect(await reasonOf({})).to.match(/is empty/)
  })
})
