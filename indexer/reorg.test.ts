import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import type { Hex } from 'viem'
import type { Retry } from './errors.ts'
import { act, createRandom, type Mirror, openMirror, type Scene, seedOf, startScene } from './testing.ts'

describe('reorganisations', () => {
  const random = createRandom(seedOf('reorg'))
  let scene: Scene
  let mirror: Mirror
  let fresh: Mirror

  before(async () => {
    // Final 32 blocks behind the head.
    scene = await startScene({ slotsInAnEpoch: 16 })
    mirror = await openMirror(scene)
    fresh = await openMirror(scene)
    await scene.createProject(1)
    for (const holder of scene.holders) await scene.register(holder)
    for (const holder of scene.holders) await scene.mint(1, holder, 1_000n)
    await scene.chain.client.mine({ blocks: 40 })
    await mirror.catchUp()
  })
  after(async () => {
    await mirror.close()
    await fresh.close()
    await scene.chain.stop()
  })

  async function expectEqualToFreshIndex() {
    await mirror.catchUp()
    await fresh.truncate()
    await fresh.catchUp()
    expect(await mirror.dump()).to.deep.equal(await fresh.dump())
  }

  for (let depth = 1; depth <= 20; depth++)
    it(`of depth ${depth} leave what a fresh index finds`, async () => {
      const snapshot = await scene.chain.client.snapshot()
      for (let at = 0; at < depth; at++) await act(scene, random)
      const { to } = await mirror.catchUp()
      await scene.chain.client.revert({ id: snapshot })
      // Shorter, as long, or longer than what it replaces.
      for (let at = 0; at < depth + random.int(3) - 1; at++) await act(scene, random)
      await scene.chain.client.mine({ blocks: 1 })
      const head = await scene.chain.client.getBlockNumber({ cacheTime: 0 })
      expect(Number(head - to)).to.be.within(-1, 2)
      await expectEqualToFreshIndex()
    })

  it('that only remove blocks leave none of their rows', async () => {
    await scene.chain.client.mine({ blocks: 5 })
    for (let at = 0; at < 6; at++) await act(scene, random)
    await mirror.catchUp()
    await scene.chain.reorg(6)
    await expectEqualToFreshIndex()
  })

  it('twice in a row at one height leave the second', async () => {
    for (let times = 0; times < 2; times++) {
      const snapshot = await scene.chain.client.snapshot()
      await act(scene, random)
      await mirror.catchUp()
      await scene.chain.client.revert({ id: snapshot })
      await act(scene, random)
      await mirror.catchUp()
    }
    await expectEqualToFreshIndex()
  })

  it('are not seen in a node that is only behind', async () => {
    await mirror.catchUp()
    const before = await mirror.dump()
    const snapshot = await scene.chain.client.snapshot()
    await scene.chain.client.mine({ blocks: 3 })
    await mirror.catchUp()
    const ahead = await mirror.dump()
    await scene.chain.client.revert({ id: snapshot })
    const failure = await mirror.step().catch((error: Retry) => error.code)
    expect(failure).to.equal('RPC_HEAD_BEHIND')
    expect(await mirror.dump()).to.deep.equal(ahead)
    expect(ahead).not.to.deep.equal(before)
    await scene.chain.client.mine({ blocks: 4 })
    await expectEqualToFreshIndex()
  })

  it('tell the holders whose rows went away', async () => {
    const [alice, bob] = scene.holders as [Hex, Hex]
    const snapshot = await scene.chain.client.snapshot()
    await scene.transfer(1, alice, bob, 1n)
    await mirror.catchUp()
    await scene.chain.client.revert({ id: snapshot })
    await scene.chain.client.mine({ blocks: 2 })
    const heard: string[] = []
    mirror.db.on('notification', ({ payload }) => heard.push(payload ?? ''))
    await mirror.db.query('listen holding_changed')
    await mirror.catchUp()
    await mirror.db.query('unlisten holding_changed')
    expect(heard.sort()).to.deep.equal([alice, bob].sort())
  })

  it('below the final watermark stop the indexer and change nothing', async () => {
    const final = await startScene()
    const own = await openMirror(final)
    try {
      await final.createProject(1)
      await final.chain.client.mine({ blocks: 20 })
      await own.catchUp()
      const before = await own.dump()
      await final.chain.reorg(10)
      await final.chain.client.mine({ blocks: 2 })
      const failure = await own.step().catch((error) => error)
      expect(failure).to.include({ code: 'FINALITY_VIOLATED', exitCode: 4 })
      expect(await own.dump()).to.deep.equal(before)
    } finally {
      await own.close()
      await final.chain.stop()
    }
  })

  it('to another chain altogether, shorter than the watermark, stop it too', async () => {
    const [first, second] = [await startScene(), await startScene()]
    const own = await openMirror(first)
    try {
      await first.chain.client.mine({ blocks: 50 })
      await own.catchUp()
      await second.createProject(1)
      const failure = await own.step(second.chain.client).catch((error) => error)
      expect(failure).to.include({ code: 'FINALITY_VIOLATED' })
    } finally {
      await own.close()
      await first.chain.stop()
      await second.chain.stop()
    }
  })
})
