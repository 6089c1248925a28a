import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { type Hex, toEventSelector, toHex } from 'viem'
import { until } from '../common/node/testing.ts'
import { run } from './run.ts'
import { createLines, type Lines, type Mirror, openMirror, type Scene, settingsOf, startScene } from './testing.ts'
import { type FaultyNode, startFaultyNode } from './testing-faulty-node.ts'

type RawLog = Record<string, unknown> & { blockNumber: Hex; data: Hex; logIndex: Hex; topics: Hex[] }

const TRANSFER = toEventSelector('TransferSingle(address,address,address,uint256,uint256)')

describe('rows that are about to become final', () => {
  let scene: Scene
  let mirror: Mirror
  let fresh: Mirror
  let nodes: FaultyNode[]
  let lines: Lines
  let stopping: AbortController
  let running: Promise<void>

  before(async () => {
    scene = await startScene({ slotsInAnEpoch: 1 })
    mirror = await openMirror(scene)
    fresh = await openMirror(scene)
    nodes = await Promise.all([1, 2, 3].map(() => startFaultyNode(scene.chain.url)))
    await scene.createProject(1)
    for (const holder of scene.holders.slice(0, 2)) await scene.register(holder)
    await scene.mint(1, scene.holders[0]!, 1_000n)
    await scene.chain.client.mine({ blocks: 10 })
  })
  after(async () => {
    for (const node of nodes) await node.close()
    await mirror.close()
    await fresh.close()
    await scene.chain.stop()
  })
  beforeEach(() => {
    lines = createLines()
    stopping = new AbortController()
  })
  afterEach(async () => {
    stopping.abort()
    await running
    for (const node of nodes) node.break(undefined)
    await mirror.truncate()
  })

  /** Follows the chain through some of the nodes, the first one in use, and waits until all that can be is final. */
  async function follow(...used: FaultyNode[]) {
    const settings = settingsOf(
      mirror,
      used.map(({ url }) => url),
    )
    running = run(settings, { log: lines.log, clock: () => new Date() }, stopping.signal)
    await until(async () => (await read()).final === (await chainFinal()))
  }

  const chainFinal = async () => (await scene.chain.client.getBlock({ blockTag: 'finalized' })).number

  async function read() {
    const { rows } = await mirror.database.admin.query<{ head: string; final: string; invented: string }>(
      `select block_number as head, final_block as final, (select count(*) from chain.transfer where units = ${INVENTED}) as invented
      from chain.checkpoint`,
    )
    const row = rows[0]
    return { head: BigInt(row?.head ?? -1), final: BigInt(row?.final ?? -1), invented: Number(row?.invented ?? 0) }
  }

  const INVENTED = 77

  /** Has a node add a log behind the last one of every block with a transfer, made of the transfer's own: the header's filter knows it. */
  function invent(node: FaultyNode, units = INVENTED) {
    node.break(async ({ method }, honest) => {
      const said = await honest()
      if (method !== 'eth_getLogs') return { result: said }
      const logs = said as RawLog[]
      return {
        result: logs.flatMap((log, at) => {
          if (log.topics[0] !== TRANSFER || logs[at + 1]?.blockNumber === log.blockNumber || BigInt(log.data.slice(0, 66) as Hex) !== 1n)
            return [log]
          const data = `${log.data.slice(0, 66)}${units.toString(16).padStart(64, '0')}` as Hex
          return [log, { ...log, data, logIndex: toHex(BigInt(log.logIndex) + 1n) }]
        }),
      }
    })
  }

  /** A transfer, and so many blocks that the node calls it final. */
  async function transferred(): Promise<bigint> {
    await scene.transfer(1, scene.holders[0]!, scene.holders[1]!, 1n)
    const block = await scene.chain.client.getBlockNumber({ cacheTime: 0 })
    await scene.chain.client.mine({ blocks: 10 })
    return block
  }

  async function expectTruth() {
    await until(async () => (await read()).final === (await chainFinal()), 20_000)
    await until(async () => (await read()).head === (await scene.chain.client.getBlockNumber({ cacheTime: 0 })))
    await fresh.truncate()
    await fresh.catchUp()
    expect(await mirror.dump()).to.deep.equal(await fresh.dump())
  }

  it('wait while the other node has other logs, and go on when it agrees', async () => {
    const [serving, other] = nodes as [FaultyNode, FaultyNode]
    await follow(serving, other)
    invent(other)
    const block = await transferred()
    await until(async () => lines.codes().includes('NODES_DISAGREE'))
    expect(await read()).to.deep.include({ invented: 0 })
    expect((await read()).final < block).to.equal(true)
    other.break(undefined)
    await expectTruth()
    expect(lines.codes()).not.to.include('ROWS_REFUTED')
  })

  it('wait when the node in use invented a log, and are read again once no node has it any more', async () => {
    const [serving, other] = nodes as [FaultyNode, FaultyNode]
    await follow(serving, other)
    invent(serving)
    const block = await transferred()
    await until(async () => lines.codes().includes('NODES_DISAGREE'))
    await sleep(1_500)
    const waiting = await read()
    expect(waiting.invented).to.equal(1)
    expect(waiting.final < block).to.equal(true)
    expect(lines.codes()).not.to.include('ROWS_REFUTED')
    serving.break(undefined)
    await expectTruth()
    expect(lines.codes()).to.include('ROWS_REFUTED')
  })

  it('are read again from another node when two of three have other logs', async () => {
    const [serving, other, third] = nodes as [FaultyNode, FaultyNode, FaultyNode]
    await follow(serving, other, third)
    invent(serving)
    await transferred()
    await expectTruth()
    expect(lines.codes()).to.include('ROWS_REFUTED')
    expect((await read()).invented).to.equal(0)
  })

  it('are not read from a node whose invented log takes more units than there are, while there is another', async () => {
    const [serving, other] = nodes as [FaultyNode, FaultyNode]
    await follow(serving, other)
    invent(serving, 10 ** 9)
    await scene.transfer(1, scene.holders[0]!, scene.holders[1]!, 1n)
    await until(async () => (await read()).head === (await scene.chain.client.getBlockNumber({ cacheTime: 0 })))
    expect(lines.codes()).to.include('HOLDING_BELOW_ZERO')
    serving.break(undefined)
    await expectTruth()
  })

  it('become final when two of three have them', async () => {
    const [serving, other, third] = nodes as [FaultyNode, FaultyNode, FaultyNode]
    await follow(serving, other, third)
    invent(third)
    await transferred()
    await expectTruth()
    expect(lines.codes()).to.include('NODES_DISAGREE')
    expect(lines.codes()).not.to.include('ROWS_REFUTED')
  })

  it('don’t wait for a node that says nothing', async () => {
    const [serving, other] = nodes as [FaultyNode, FaultyNode]
    await follow(serving, other)
    other.break(() => ({ status: 503 }))
    await transferred()
    await expectTruth()
  })

  it('are final at the end of a run that goes to the head', async () => {
    const settings = settingsOf(
      mirror,
      nodes.map(({ url }) => url),
    )
    running = run(settings, { log: lines.log, clock: () => new Date() }, stopping.signal, true)
    await running
    expect((await read()).final).to.equal(await chainFinal())
  })
})
