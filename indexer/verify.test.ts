import { after, before, beforeEach, describe, it } from 'node:test'
import { expect } from 'chai'
import { createPublicClient, type Hex, http } from 'viem'
import { ownershipAbi, vaultAbi } from '../common/abi.ts'
import { openPool, type Pool } from '../common/node/db.ts'
import { type Mirror, openMirror, type Scene, startScene } from './testing.ts'
import { startFaultyNode } from './testing-faulty-node.ts'
import { verifyMirror } from './verify.ts'

describe('verifyMirror', () => {
  let scene: Scene
  let mirror: Mirror
  let pool: Pool

  before(async () => {
    scene = await startScene()
    mirror = await openMirror(scene)
    pool = openPool(mirror.database.urlOf('terra_analyst'))
    const [alice, bob, carol] = scene.holders as [Hex, Hex, Hex]
    for (const projectId of [1, 2, 3]) await scene.createProject(projectId)
    for (const holder of [alice, bob, carol]) await scene.register(holder)
    await scene.mint(1, alice, 100n)
    await scene.mint(2, bob, 70n)
    await scene.distribute(1, 12_345n)
    await scene.transfer(1, alice, bob, 30n)
    await scene.transfer(2, bob, carol, 70n)
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

  const verify = () => verifyMirror({ pool, client: scene.chain.client })

  it('finds nothing wrong in an honest mirror', async () => {
    const report = await verify()
    const block = await scene.chain.client.getBlock({ blockNumber: BigInt(report.block) })
    expect(report).to.deep.equal({
      chainId: 31_337,
      contract: scene.deployment.ownership,
      schemaVersion: report.schemaVersion,
      block: report.block,
      hash: block.hash,
      pairs: 4,
      projects: 3,
      supplies: [
        { projectId: 1, chain: '100', mirror: '100', from: 'totalSupply' },
        { projectId: 2, chain: '70', mirror: '70', from: 'totalSupply' },
        { projectId: 3, chain: '0', mirror: '0', from: 'totalSupply' },
      ],
      logs: null,
      differences: 0,
      mismatches: [],
      damage: [],
      tables: null,
    })
  })

  it('finds a planted wrong row', async () => {
    const [alice] = scene.holders
    await mirror.database.admin.query(`update chain.transfer set units = units + 1 where to_address = $1 and project_id = 1`, [alice])
    const { mismatches } = await verify()
    expect(mismatches).to.deep.include({ check: 'balance', projectId: 1, holder: alice, chain: '70', mirror: '71' })
    expect(mismatches).to.deep.include({ check: 'supply', projectId: 1, holder: null, chain: '100', mirror: '101' })
  })

  it('finds a planted missing row, though nothing in the mirror speaks of its holder any more', async () => {
    const carol = scene.holders[2]
    await mirror.database.admin.query(`delete from chain.transfer where to_address = $1`, [carol])
    await mirror.database.admin.query(`delete from chain.transfer where to_address = $1`, [scene.holders[1]])
    const { mismatches, pairs } = await verify()
    expect(pairs).to.equal(1)
    expect(mismatches.map(({ check, projectId }) => [check, projectId])).to.deep.include.members([
      ['supply', 2],
      ['holders', 2],
      ['balance', 1],
    ])
  })

  it('finds a project that is missing, also when it is the newest and nobody holds it', async () => {
    await mirror.database.admin.query('delete from chain.project_created where project_id = 3')
    expect((await verify()).mismatches).to.deep.equal([{ check: 'project', projectId: 3, holder: null, chain: 'true', mirror: 'false' }])
  })

  it('finds a claim that is missing, and an epoch', async () => {
    const [alice] = scene.holders
    await mirror.database.admin.query('delete from chain.claim')
    expect((await verify()).mismatches).to.deep.equal([{ check: 'claimable', projectId: 1, holder: alice, chain: '0', mirror: '13044' }])
    await mirror.database.admin.query('delete from chain.epoch where epoch = 2')
    expect((await verify()).mismatches).to.deep.include({ check: 'epoch', projectId: 1, holder: null, chain: '2', mirror: '1' })
  })

  it('finds a mirror of another fork', async () => {
    await mirror.database.admin.query(
      `update chain.block set block_hash = $1 where block_number = (select final_block from chain.checkpoint)`,
      [`0x${'1'.repeat(64)}`],
    )
    expect((await verify()).mismatches.map(({ check }) => check)).to.deep.equal(['block'])
  })

  it('waits for a block to be mirrored and final, and says so when it does not come', async () => {
    const minBlock = (await scene.chain.client.getBlockNumber({ cacheTime: 0 })) + 3n
    const waiting = verifyMirror({ pool, client: scene.chain.client }, { minBlock, timeoutMs: 10_000 })
    await scene.chain.client.mine({ blocks: 8 })
    await mirror.catchUp()
    expect(BigInt((await waiting).block) >= minBlock).to.equal(true)
    const never = verifyMirror({ pool, client: scene.chain.client }, { minBlock: 1_000_000n, timeoutMs: 100 })
    expect(await never.catch((error) => error.message)).to.match(/Gave up verifying.*1000000/)
  })

  it('holds after an exit too: dues from before stay with the holders, later ones go to the community', async () => {
    const ownership = scene.deployment.ownership as Hex
    const holders = scene.holders.slice(0, 3)
    const { timestamp } = await scene.chain.client.getBlock()
    await scene.distribute(2, 777n)
    const steps: [string, unknown[]][] = [
      ['announceExit', [2, scene.deployment.communityDao, timestamp + 1_000n]],
      ['beginExit', [2]],
      ['exitBatch', [2, holders.slice(0, 2)]],
      ['exitBatch', [2, holders]],
      ['finalizeExit', [2]],
    ]
    for (const [name, args] of steps) {
      await scene.send(ownership, ownershipAbi, name, args)
      if (name === 'announceExit') await scene.chain.client.increaseTime({ seconds: 2_000 })
    }
    await scene.distribute(2, 1_234n)
    await scene.chain.client.mine({ blocks: 5 })
    await mirror.catchUp()
    const { rows } = await pool.query(
      'select state, holder, amount from chain.project join chain.claimable using (project_id) where project_id = 2',
    )
    expect(rows).to.have.deep.members([
      { state: 'exited', holder: holders[2], amount: '776' },
      { state: 'exited', holder: scene.deployment.communityDao, amount: '1233' },
    ])
    const seen = await pool.query('select step, remaining from chain.exit_step where project_id = 2 order by block_number, log_index')
    expect(seen.rows.map(({ step, remaining }) => [step, remaining])).to.deep.equal([
      ['announced', null],
      ['begun', null],
      ['batch', '0'],
      ['exited', '0'],
    ])
    expect((await verify()).mismatches).to.deep.equal([])
  })

  it('holds after wallets were replaced, an investment was taken back, and money that nobody claimed was', async () => {
    const [ownership, vault] = [scene.deployment.ownership as Hex, scene.deployment.vault as Hex]
    const [, , , dora, emil, newest] = scene.holders as [Hex, Hex, Hex, Hex, Hex, Hex]
    const record = (holder: Hex) => ({
      flags: 3,
      expiry: 1_099_511_627_775,
      country: 756,
      class: 0,
      investorId: BigInt(scene.holders.indexOf(holder) + 1),
    })
    const relink = async (from: Hex, to: Hex, projectIds: bigint[]) => {
      await scene.send(ownership, ownershipAbi, 'relinkWallet', [from, to, record(dora)], scene.registrar)
      await scene.send(ownership, ownershipAbi, 'moveHoldings', [from, projectIds], from)
    }
    await scene.register(dora)
    await scene.register(scene.holders[0]!)
    await scene.mint(3, dora, 7n)
    await scene.mint(3, scene.holders[0]!, 4n)
    await scene.distribute(3, 100n)
    await relink(dora, emil, [1n, 3n])
    await scene.distribute(3, 100n)
    await relink(emil, newest, [3n])
    const { rows: receipts } = await lastReceipt()
    await scene.send(ownership, ownershipAbi, 'reverseInvestment', [receipts[0]!.id, `0x${'1'.repeat(64)}`])
    await scene.distribute(3, 55n)
    await scene.chain.client.mine({ blocks: 5 })
    await mirror.catchUp()
    const dues = () => pool.query('select holder, amount from chain.claimable where project_id = 3 order by amount')
    // 63.6 became 63 when the first wallet was replaced, 63 + 63.6 became 126 with the second; each payout rounds per unit as well.
    expect((await dues()).rows).to.deep.equal([
      { holder: scene.holders[0], amount: '72' },
      { holder: newest, amount: '180' },
    ])
    const { rows } = await pool.query('select supply from chain.project where project_id = 3')
    expect(rows).to.deep.equal([{ supply: '7' }])
    expect((await verify()).mismatches).to.deep.equal([])

    await scene.claim([3], newest)
    const { timestamp } = await scene.chain.client.getBlock()
    const deadline = timestamp + 4n * 365n * 86_400n
    await scene.administer(vault, vaultAbi, 'announceClawback', [3, 3, deadline])
    await scene.chain.client.increaseTime({ seconds: 5 * 365 * 86_400 })
    await scene.administer(vault, vaultAbi, 'clawback', [3, [scene.holders[0], newest]])
    await scene.chain.client.mine({ blocks: 5 })
    await mirror.catchUp()
    expect((await dues()).rows).to.deep.equal([])
    const { rows: clawed } = await pool.query('select holder, amount from chain.clawback')
    expect(clawed).to.deep.equal([{ holder: scene.holders[0], amount: '72' }])
    expect((await verify()).mismatches).to.deep.equal([])

    async function lastReceipt() {
      await mirror.catchUp()
      return pool.query<{ id: Hex }>('select investment_id as id from chain.receipt where investor = $1 and project_id = 3', [
        scene.holders[0],
      ])
    }
  })

  it('tries again when the node lacks the state of that block', async () => {
    const node = await startFaultyNode(scene.chain.url)
    let refusals = 3
    node.break(async (call, honest) =>
      call.method === 'eth_call' && refusals-- > 0
        ? { error: { code: -32_000, message: 'missing trie node abcd' } }
        : { result: await honest() },
    )
    const client = createPublicClient({ transport: http(node.url, { retryCount: 0 }) })
    const report = await verifyMirror({ pool, client })
    await node.close()
    expect(report.mismatches).to.deep.equal([])
    expect(refusals).to.be.below(1)
  })
})
