import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { createPublicClient, http, webSocket } from 'viem'
import { bloomIsCoveredBy, bloomMayContain } from '../bloom.ts'
import { createChain, type SimChain } from './chain.ts'
import { createDeeds } from './deeds.ts'
import { LEDGER } from './events.ts'
import { modelAt } from './model.ts'
import { type SimNode, startNode } from './node.ts'
import { createRandom } from './random.ts'

describe('the simulated node', () => {
  let chain: SimChain
  let node: SimNode
  let client: ReturnType<typeof createPublicClient>

  before(async () => {
    chain = grown(7, 400)
    node = await startNode(chain)
    client = createPublicClient({ transport: http(node.url, { retryCount: 0, batch: true }) })
  })
  after(() => node.close())

  it('is the same for the same seed', () => {
    expect(grown(7, 400).head.hash).to.equal(chain.head.hash)
    expect(grown(8, 400).head.hash).not.to.equal(chain.head.hash)
  })

  it('answers a common client, one call at a time and in batches', async () => {
    const [id, number, block, final, code] = await Promise.all([
      client.getChainId(),
      client.getBlockNumber(),
      client.getBlock({ blockNumber: 300n }),
      client.getBlock({ blockTag: 'finalized' }),
      client.getCode({ address: LEDGER }),
    ])
    expect([id, number, final.number]).to.deep.equal([31_337, BigInt(chain.head.number), BigInt(chain.finalized)])
    expect(block.hash).to.equal(chain.blocks[300]!.hash)
    expect(block.parentHash).to.equal(chain.blocks[299]!.hash)
    expect(code).to.match(/^0x6/)
  })

  it('serves the same logs by range and by block, with gapless indices and the exact bloom filter of each block', async () => {
    const byRange = await client.getLogs({ fromBlock: 0n, toBlock: 400n })
    expect(byRange.length).to.be.greaterThan(500)
    for (const block of chain.blocks) {
      const logs = await client.getLogs({ blockHash: block.hash })
      expect(logs.map(({ logIndex }) => logIndex)).to.deep.equal(logs.map((_, at) => at))
      expect(byRange.filter(({ blockHash }) => blockHash === block.hash)).to.deep.equal(logs)
      expect(bloomIsCoveredBy(block.logsBloom, logs)).to.equal(true)
      for (const log of logs)
        for (const value of [log.address, ...log.topics]) expect(bloomMayContain(block.logsBloom, value)).to.equal(true)
    }
    const ours = await client.getLogs({ address: LEDGER, fromBlock: 0n, toBlock: 400n })
    expect(ours).to.deep.equal(byRange.filter(({ address }) => address === LEDGER))
    expect(ours.length).to.be.lessThan(byRange.length)
  })

  it('tells subscribers of new heads', async () => {
    const socket = createPublicClient({ transport: webSocket(node.socketUrl) })
    const heard = new Promise((resolve) => {
      const stop = socket.watchBlocks({
        onBlock: ({ hash }) => {
          stop()
          resolve(hash)
        },
      })
    })
    const timer = setInterval(() => node.announce(), 20)
    expect(await heard).to.equal(chain.head.hash)
    clearInterval(timer)
    const { close } = (await socket.transport.getRpcClient()) as { close(): void }
    close()
  })

  it('goes back to a branch as if nothing had been', () => {
    const first = chain.head
    const books = chain.ledger.pairs()
    const model = modelAt(chain, first, 0)
    chain.reorg(50)
    const deeds = createDeeds(createRandom(9))
    for (let at = 0; at < 60; at++) chain.mine(deeds.block(chain))
    const second = chain.head
    expect(modelAt(chain, second, 0)).not.to.deep.equal(model)
    expect(modelAt(chain, first, 0)).to.deep.equal(model)
    chain.switchTo(first.hash)
    const byKey = (pairs: typeof books) => pairs.map((pair) => `${pair.projectId} ${pair.holder} ${pair.units}`).sort()
    expect(byKey(chain.ledger.pairs())).to.deep.equal(byKey(books))
    expect(byKey(chain.ledger.pairs()).length).to.equal(model.holdings.length)
    expect(chain.head).to.equal(first)
    expect(() => chain.reorg(390)).to.throw('would undo what is final')
  })
})

function grown(seed: number, blocks: number): SimChain {
  const random = createRandom(seed)
  const chain = createChain(random)
  const deeds = createDeeds(random)
  for (let at = 0; at < blocks; at++) chain.mine(deeds.block(chain))
  return chain
}
