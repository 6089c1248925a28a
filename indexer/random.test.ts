import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import type { Db } from '../common/node/db.ts'
import { addressesOf } from './settings.ts'
import { isOvertaken, makeSnapshot } from './snapshots.ts'
import { createSource } from './source.ts'
import { createSpan } from './span.ts'
import { step } from './step.ts'
import { act, createRandom, type Mirror, openMirror, type Random, type Scene, seedOf, startScene } from './testing.ts'
import { verifyMirror } from './verify.ts'

const ACTIONS = 250
const PROJECTS = 3

describe('a random walk on the chain', () => {
  const random = createRandom(seedOf('random walk'))
  let scene: Scene
  let mirror: Mirror
  let fresh: Mirror
  let firstBlock: number

  before(async () => {
    scene = await startScene({ slotsInAnEpoch: 4 })
    mirror = await openMirror(scene)
    fresh = await openMirror(scene)
    firstBlock = Number(await scene.chain.client.getBlockNumber({ cacheTime: 0 }))
    for (let projectId = 1; projectId <= PROJECTS; projectId++) await scene.createProject(projectId)
    for (const holder of scene.holders) await scene.register(holder)
    for (const holder of scene.holders.slice(0, 6)) await scene.mint(1 + random.int(PROJECTS), holder, 500n)
  })
  after(async () => {
    await mirror.close()
    await fresh.close()
    await scene.chain.stop()
  })

  it('is mirrored without a difference, whatever the size of the steps and wherever they are cut off', async () => {
    let cuts = 0
    for (let at = 0; at < ACTIONS; at++) {
      await act(scene, random, PROJECTS)
      if (random.next() < 0.4) cuts += await stepWithFailures(mirror, scene, random)
      if (random.next() < 0.2) await snapshotSomewhere(mirror.db, random)
    }
    await scene.chain.client.mine({ blocks: 300 })
    while (!(await isCaughtUp(mirror, scene))) cuts += await stepWithFailures(mirror, scene, random)
    expect(cuts).to.be.greaterThan(20)
    await fresh.catchUp()
    expect(await mirror.dump()).to.deep.equal(await fresh.dump())
  })

  it('ends with the contract’s own balances, supplies, holder counts, epochs and dues', async () => {
    const report = await verifyMirror({ pool: mirror.database.admin, client: scene.chain.client })
    expect(report.mismatches).to.deep.equal([])
    expect(report.pairs).to.be.greaterThan(10)
    const { rows } = await mirror.database.admin.query('select count(*)::int as due from chain.claimable')
    expect(rows[0].due).to.be.greaterThan(5)
  })

  it('shows at any past block what the contract showed there', async () => {
    const head = await scene.chain.client.getBlockNumber({ cacheTime: 0 })
    expect((await mirror.db.query('select from holding_snapshot')).rowCount).to.be.greaterThan(10)
    for (let times = 0; times < 60; times++) {
      const blockNumber = BigInt(firstBlock + random.int(Number(head) - firstBlock))
      const projectId = 1 + random.int(PROJECTS)
      const { rows } = await mirror.db.query<{ holder: string; units: string }>('select holder, units from chain.holding_at($1, $2)', [
        projectId,
        blockNumber,
      ])
      const held = new Map(rows.map((row) => [row.holder, row.units]))
      for (const holder of scene.holders)
        expect(held.get(holder) ?? '0', `${holder} in ${projectId} at ${blockNumber}`).to.equal(
          String(await scene.balanceOf(projectId, holder, blockNumber)),
        )
    }
  })
})

/** Keeps a project's holdings at a final block, if there is one. */
async function snapshotSomewhere(db: Db, random: Random): Promise<void> {
  const { rows } = await db.query<{ block: string }>(
    'select max(block_number) as block from block where block_number <= (select final_block from checkpoint)',
  )
  const block = rows[0]?.block ?? undefined
  if (block === undefined) return
  await makeSnapshot(db, { projectId: 1 + random.int(PROJECTS), block: BigInt(block) }).catch((error) => {
    if (!isOvertaken(error)) throw error
  })
}

/** One step over a random number of blocks, on a connection that may fail before or after any statement; returns how often it did. */
async function stepWithFailures(mirror: Mirror, scene: Scene, random: Random): Promise<number> {
  const blocks = BigInt(1 + random.int(40))
  const source = createSource(scene.chain.client, addressesOf(mirror.mirrored.contracts))
  try {
    await step({ db: failing(mirror.db, random), source, mirrored: mirror.mirrored, span: createSpan({ start: blocks, highest: blocks }) })
    return 0
  } catch (error) {
    if (!(error as Error).message.startsWith('injected')) throw error
    return 1
  }
}

function failing(db: Db, random: Random): Db {
  const query = async (text: string, values?: unknown[]) => {
    // Of a COPY only the beginning can fail here: its stream owns the connection until its end.
    if (typeof text !== 'string') return db.query(text)
    // A rollback that fails is a connection that is gone, which another test covers.
    if (text === 'rollback') return db.query(text)
    if (random.next() < 0.04) throw new Error(`injected before ${text}`)
    const result = await db.query(text, values as never)
    if (random.next() < 0.04) throw new Error(`injected after ${text}`)
    return result
  }
  return { query: query as never }
}

async function isCaughtUp(mirror: Mirror, scene: Scene): Promise<boolean> {
  const { rows } = await mirror.db.query<{ number: string }>('select block_number as number from chain.checkpoint')
  return rows[0] !== undefined && BigInt(rows[0].number) === (await scene.chain.client.getBlockNumber({ cacheTime: 0 }))
}
