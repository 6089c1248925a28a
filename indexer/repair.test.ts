import { after, before, beforeEach, describe, it } from 'node:test'
import { expect } from 'chai'
import type { Hex } from 'viem'
import { openPool, type Pool } from '../common/node/db.ts'
import { repairBlocks } from './repair.ts'
import { makeSnapshot } from './snapshots.ts'
import { type Mirror, openMirror, type Scene, startScene } from './testing.ts'
import { verifyMirror } from './verify.ts'

describe('a damaged mirror', () => {
  let scene: Scene
  let mirror: Mirror
  let pool: Pool

  before(async () => {
    scene = await startScene()
    mirror = await openMirror(scene)
    pool = openPool(mirror.database.urlOf('terra_analyst'))
    const [alice, bob] = scene.holders as [Hex, Hex]
    await scene.createProject(1)
    for (const holder of [alice, bob]) await scene.register(holder)
    await scene.mint(1, alice, 100n)
    for (let times = 0; times < 5; times++) await scene.transfer(1, alice, bob, 3n)
    await scene.distribute(1, 999n)
    await scene.claim([1], alice)
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
  })

  const verify = (logs: 'always' | 'when something differs' = 'when something differs') =>
    verifyMirror({ pool, client: scene.chain.client }, { contracts: mirror.mirrored.contracts, logs })

  /** Damages, expects the very row to be named, repairs, expects a whole mirror again. */
  async function isFoundAndMended(damage: string, named: Record<string, unknown>, logs?: 'always'): Promise<void> {
    const whole = await mirror.dump()
    await mirror.db.query(damage)
    const report = await verify(logs)
    const rows = report.mismatches.filter(({ check }) => check === 'row')
    expect(rows).to.have.length(1)
    expect({ table: rows[0]!.at!.table, chain: rows[0]!.chain, mirror: rows[0]!.mirror }).to.deep.include(named)
    expect(report.damage).to.have.length(1)
    await repairBlocks({ db: mirror.db, client: scene.chain.client, contracts: mirror.mirrored.contracts }, report.damage)
    expect((await verify('always')).differences).to.equal(0)
    expect(await mirror.dump()).to.deep.equal(whole)
  }

  const newest = '(select max(block_number) from transfer)'

  it('with a wrong row is found out, by the row, and mended', () =>
    isFoundAndMended(`update transfer set units = 4 where block_number = ${newest}`, {
      table: 'transfer',
      chain: 'units=3',
      mirror: 'units=4',
    }))

  it('with a row missing is found out, by the row, and mended', () =>
    isFoundAndMended(`delete from transfer where block_number = ${newest}`, { table: 'transfer', mirror: 'no such row' }))

  it('with a row too many is found out, by the row, and mended', () =>
    isFoundAndMended(
      `insert into transfer select block_number, log_index + 7, batch_index, block_time, tx_hash, operator, from_address, to_address, project_id, units
      from transfer where block_number = ${newest}`,
      { table: 'transfer', chain: 'no such row' },
    ))

  it('with a wrong row that no balance shows is found out when logs are compared', () =>
    isFoundAndMended(
      `update distribution set report_uri = 'ipfs://other'`,
      { table: 'distribution', mirror: 'report_uri=ipfs://other' },
      'always',
    ))

  it('with a holding that is not the sum of its transfers is found out', async () => {
    await mirror.db.query('update holding set units = units + 1')
    const { mismatches } = await verify()
    expect(mismatches.map(({ check }) => check)).to.deep.equal(['holding', 'holding'])
  })

  it('with a wrong snapshot of holdings is found out, and mended with any row', async () => {
    const { rows } = await mirror.db.query<{ block: string }>('select final_block as block from checkpoint')
    await makeSnapshot(mirror.db, { projectId: 1, block: BigInt(rows[0]!.block) })
    expect((await verify()).differences).to.equal(0)
    await mirror.db.query('update holding_snapshot set units[1] = units[1] + 1')
    const { mismatches, damage } = await verify()
    expect(mismatches.map(({ check, projectId }) => [check, projectId])).to.deep.equal([['snapshot', 1]])
    await repairBlocks({ db: mirror.db, client: scene.chain.client, contracts: mirror.mirrored.contracts }, damage)
    expect((await verify()).differences).to.equal(0)
    expect((await mirror.db.query('select from holding_snapshot')).rowCount).to.equal(0)
  })
})
