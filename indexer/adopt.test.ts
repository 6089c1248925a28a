import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import type { Hex } from 'viem'
import { adoptContracts } from './adopt.ts'
import { type Contracts, contractsOf } from './settings.ts'
import { createSource } from './source.ts'
import { createSpan } from './span.ts'
import { type Mirror, openMirror, type Scene, startScene } from './testing.ts'
import { liveThrough } from './testing-everything.ts'

describe('a contract that the mirror is told of later', () => {
  let scene: Scene
  let mirror: Mirror
  let whole: Mirror
  before(async () => {
    scene = await startScene({ slotsInAnEpoch: 1 })
    await liveThrough(scene)
    mirror = await openMirror(scene)
    whole = await openMirror(scene)
  })
  after(async () => {
    await mirror?.close()
    await whole?.close()
    await scene.chain.stop()
  })

  const adopt = (contracts: Contracts, sourceOf = (addresses: readonly Hex[]) => createSource(scene.chain.client, addresses)) =>
    adoptContracts({ db: mirror.db, mirrored: { ...mirror.mirrored, contracts }, sourceOf, span: createSpan(), inFlight: 2 })

  it('is read from its first block on, final blocks and newer ones, and leaves what a whole index finds', async () => {
    const contracts = contractsOf(scene.deployment)
    const { governors = [], documents, ...fewer } = contracts
    expect(governors).to.have.length(1)
    const [first] = await scene.chain.client.getLogs({ address: documents!, fromBlock: 0n })
    for (const one of [mirror, whole]) one.mirrored.startBlock = first!.blockNumber
    // All that is to be read is near the head; then the first block alone is older; then most of it is.
    const head = await scene.chain.client.getBlockNumber({ cacheTime: 0 })
    const untilFirstIsOld = Number(mirror.mirrored.startBlock + 256n - head)
    expect(untilFirstIsOld).to.be.greaterThan(0)
    for (const blocks of [0, untilFirstIsOld, 300]) {
      if (blocks > 0) await scene.chain.client.mine({ blocks })
      await mirror.truncate()
      mirror.mirrored.contracts = fewer
      await mirror.catchUp()
      const { rows } = await mirror.db.query('select (select count(*) from document) + (select count(*) from vote) as count')
      expect(rows[0].count).to.equal('0')
      expect(await adopt(contracts)).to.have.members([documents, ...governors])
      expect(await adopt(contracts)).to.deep.equal([])
      mirror.mirrored.contracts = contracts
      await mirror.catchUp()
      await whole.truncate()
      await whole.catchUp()
      expect(await mirror.dump()).to.deep.equal(await whole.dump())
    }
  })

  it('is not dropped in silence', async () => {
    const { documents: _, ...fewer } = contractsOf(scene.deployment)
    const refusal = await adopt(fewer).catch((error) => error)
    expect(refusal.code).to.equal('MIRROR_OF_ANOTHER_CONTRACT')
    expect(refusal.message).to.contain(scene.deployment.documents.toLowerCase())
  })
})
