import { after, before, beforeEach, describe, it } from 'node:test'
import { expect } from 'chai'
import pg from 'pg'
import type { Hex } from 'viem'
import { listen } from '../common/node/listen.ts'
import { until } from '../common/node/testing.ts'
import { readCheckpoint } from './checkpoint.ts'
import { createSpan } from './span.ts'
import { type Mirror, openMirror, type Scene, startScene } from './testing.ts'

describe('step', () => {
  let scene: Scene
  let mirror: Mirror

  before(async () => {
    scene = await startScene({ slotsInAnEpoch: 16 })
    mirror = await openMirror(scene)
  })
  after(async () => {
    await mirror.close()
    await scene.chain.stop()
  })
  beforeEach(() => mirror.truncate())

  it('mirrors every kind of event', async () => {
    const [alice, bob] = scene.holders as [Hex, Hex]
    await scene.createProject(1)
    await scene.createProject(2)
    await scene.register(alice)
    await scene.register(bob)
    await scene.mint(1, alice, 100n)
    await scene.mint(2, alice, 50n)
    await scene.transferBatch([1n, 2n], alice, bob, [10n, 20n])
    await scene.distribute(1, 1_000_000n)
    await scene.claim([1], bob)
    await mirror.catchUp()
    const { rows } = await mirror.db.query('select project_id, holder, units from chain.holding order by 1, 3')
    expect(rows).to.deep.equal([
      { project_id: 1, holder: bob, units: '10' },
      { project_id: 1, holder: alice, units: '90' },
      { project_id: 2, holder: bob, units: '20' },
      { project_id: 2, holder: alice, units: '30' },
    ])
    const claimable = await mirror.db.query('select project_id, holder, amount from chain.claimable')
    expect(claimable.rows).to.deep.equal([{ project_id: 1, holder: alice, amount: '900000' }])
    const project = await mirror.db.query('select state, supply, metadata_uri from chain.project where project_id = 1')
    expect(project.rows).to.deep.equal([{ state: 'active', supply: '100', metadata_uri: 'ipfs://metadata' }])
  })

  it('changes nothing when there is nothing new', async () => {
    await mirror.catchUp()
    const before = await mirror.dump()
    const again = await mirror.step()
    expect(again.hasWritten).to.equal(false)
    expect(await mirror.dump()).to.deep.equal(before)
  })

  it('comes back byte-identical after a truncate', async () => {
    await mirror.catchUp()
    const before = await mirror.dump()
    await mirror.truncate()
    await mirror.catchUp()
    expect(await mirror.dump()).to.deep.equal(before)
  })

  it('tells the touched holders, never the zero address, and how far it is, when the rows can be read', async () => {
    await mirror.catchUp()
    const [alice, , carol] = scene.holders as [Hex, Hex, Hex]
    const heard: string[] = []
    const seenUnits: Promise<unknown>[] = []
    const listener = await listen(mirror.database.urlOf('terra_api'), {
      holding_changed: (holder) => {
        heard.push(holder)
        seenUnits.push(
          mirror.database.admin
            .query('select units from chain.holding where holder = $1 and project_id = 1', [carol])
            .then(({ rows }) => rows[0]?.units),
        )
      },
      chain_changed: (block) => heard.push(block),
    })
    await scene.register(carol)
    await scene.transfer(1, alice, carol, 3n)
    const { to } = await mirror.catchUp()
    await until(async () => heard.includes(String(to)))
    await listener.close()
    expect(new Set(heard)).to.deep.equal(new Set([alice, carol, String(to)]))
    expect(await Promise.all(seenUnits)).to.deep.equal(['3', '3'])
  })

  it('refuses a database that mirrors another contract', async () => {
    await mirror.catchUp()
    const other = { ...mirror.mirrored, contracts: { ownership: mirror.mirrored.contracts.vault! } }
    const failure = await readCheckpoint(mirror.db, other).catch((error) => error)
    expect(failure).to.include({ code: 'MIRROR_OF_ANOTHER_CONTRACT', exitCode: 3 })
  })

  it('keeps the headers of the tail and forgets the others', async () => {
    await mirror.catchUp()
    await scene.chain.client.mine({ blocks: 400 })
    const { to } = await mirror.catchUp()
    const { rows } = await mirror.db.query('select count(*)::int as count, min(block_number) as oldest from block')
    expect(rows).to.deep.equal([{ count: 256, oldest: String(to - 255n) }])
  })

  it('settles what is final and 256 blocks deep, and never goes back', async () => {
    const { to, final } = await mirror.catchUp()
    const read = async () => {
      const { rows } = await mirror.db.query<{ settled: string }>('select settled_block as settled from checkpoint')
      return BigInt(rows[0]!.settled)
    }
    const settled = await read()
    expect(settled).to.equal(final < to - 256n ? final : to - 256n)
    await scene.chain.client.mine({ blocks: 10 })
    await mirror.catchUp()
    expect(await read()).to.equal(settled + 10n)
  })

  it('writes the same in ranges and block by block', async () => {
    const spans = [createSpan({ start: 9n, highest: 9n }), createSpan({ start: 50n, highest: 50n }), createSpan()]
    const dumps = []
    for (const span of spans) {
      await mirror.truncate()
      await mirror.catchUp(span)
      dumps.push(await mirror.dump())
    }
    expect(dumps[1]).to.deep.equal(dumps[0])
    expect(dumps[2]).to.deep.equal(dumps[0])
  })

  it('may write chain and nothing else, and no other role may write it', async () => {
    for (const role of ['terra_api', 'terra_worker', 'terra_analyst'] as const) {
      const client = new pg.Client({ connectionString: mirror.database.urlOf(role) })
      await client.connect()
      const refusal = await client.query('delete from chain.transfer').catch((error) => error.message)
      await client.end()
      expect(refusal).to.match(/permission denied/)
    }
    const refusal = await mirror.db.query('select from app.account').catch((error) => error.message)
    expect(refusal).to.match(/permission denied/)
  })
})
