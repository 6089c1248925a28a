import { after, before, beforeEach, describe, it } from 'node:test'
import { expect } from 'chai'
import { createPublicClient, type Hex, http, type PublicClient, pad, toEventSelector, toHex } from 'viem'
import { openPool, type Pool } from '../common/node/db.ts'
import { repairBlocks } from './repair.ts'
import { type Mirror, openMirror, type Scene, startScene } from './testing.ts'
import { type FaultyNode, startFaultyNode } from './testing-faulty-node.ts'
import { verifyMirror } from './verify.ts'

type RawLog = Record<string, unknown> & { blockNumber: Hex; data: Hex; logIndex: Hex; topics: Hex[] }

const TRANSFER = toEventSelector('TransferSingle(address,address,address,uint256,uint256)')

describe('a log that a node invents', () => {
  let scene: Scene
  let mirror: Mirror
  let node: FaultyNode
  let client: PublicClient
  let pool: Pool
  let last: bigint

  before(async () => {
    scene = await startScene()
    mirror = await openMirror(scene)
    node = await startFaultyNode(scene.chain.url)
    client = createPublicClient({ transport: http(node.url, { retryCount: 0 }) }) as PublicClient
    pool = openPool(mirror.database.urlOf('terra_analyst'))
    const [alice, bob] = scene.holders as [Hex, Hex]
    await scene.createProject(1)
    for (const holder of [alice, bob]) await scene.register(holder)
    await scene.mint(1, alice, 100n)
    await scene.transfer(1, alice, bob, 3n)
    last = await scene.chain.client.getBlockNumber({ cacheTime: 0 })
    // A proof is of final blocks.
    await scene.chain.client.mine({ blocks: 5 })
  })
  after(async () => {
    await pool.end()
    await node.close()
    await mirror.close()
    await scene.chain.stop()
  })
  beforeEach(() => mirror.truncate())

  /** Adds one behind the last log of the transfer's block, made of the transfer's own. */
  function invent(change: (log: RawLog) => Partial<RawLog>) {
    node.break(async ({ method }, honest) => {
      const said = await honest()
      if (method !== 'eth_getLogs') return { result: said }
      const logs = said as RawLog[]
      const model = logs.find(({ blockNumber, topics }) => BigInt(blockNumber) === last && topics[0] === TRANSFER)
      if (model === undefined) return { result: logs }
      const at = logs.findLastIndex(({ blockNumber }) => BigInt(blockNumber) === last)
      const invented = { ...model, logIndex: toHex(BigInt(logs[at]!.logIndex) + 1n), ...change(model) }
      return { result: logs.toSpliced(at + 1, 0, invented as RawLog) }
    })
  }

  /** Mirrors through the lying node up to what it refuses. */
  async function untilRefused(): Promise<unknown> {
    for (;;) {
      const result = await mirror.step(client).catch((error: unknown) => error)
      if (result instanceof Error) return result
    }
  }

  /** Mirrors through the lying node, and expects a proof by another provider to name the row that no log made. */
  async function isFoundByAnotherProvider() {
    for (let result = await mirror.step(client); result.to < result.head; ) result = await mirror.step(client)
    const report = await verifyMirror(
      { pool, client: scene.chain.client },
      { minBlock: last, contracts: mirror.mirrored.contracts, timeoutMs: 60_000 },
    )
    const rows = report.mismatches.filter(({ check }) => check === 'row')
    expect(rows.map(({ chain, at }) => [chain, at!.table, at!.block])).to.deep.equal([['no such row', 'transfer', String(last)]])
    await repairBlocks({ db: mirror.db, client: scene.chain.client, contracts: mirror.mirrored.contracts }, report.damage)
    const mended = await verifyMirror({ pool, client: scene.chain.client }, { contracts: mirror.mirrored.contracts, logs: 'always' })
    expect(mended.differences).to.equal(0)
  }

  it('near the head is refused when the header’s filter denies it', async () => {
    invent(({ topics }) => ({ topics: [...topics.slice(0, 3), pad('0x777777')] as Hex[] }))
    const refused = await untilRefused()
    expect(refused).to.have.property('code', 'RPC_LOGS_MISMATCH')
    const { rows } = await mirror.db.query<{ block: string }>('select block_number as block from checkpoint')
    expect(rows.every(({ block }) => BigInt(block) < last)).to.equal(true)
  })

  it('near the head whose topics the filter knows is found by a proof that asks another provider, and mended', async () => {
    invent(({ data }) => ({ data: data.replace(/3$/, '4') as Hex }))
    await isFoundByAnotherProvider()
  })

  it('at the end of a range of old blocks whose topics the filter knows is found by such a proof, and mended', async () => {
    invent(({ data }) => ({ data: data.replace(/3$/, '4') as Hex }))
    await scene.chain.client.mine({ blocks: 400 })
    await isFoundByAnotherProvider()
  })
})
