import { after, afterEach, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Hex } from 'viem'
import { until } from '../common/node/testing.ts'
import { run } from './run.ts'
import { createLines, type Lines, type Mirror, openMirror, type Scene, settingsOf, startScene } from './testing.ts'
import { type Answer, type Fault, type FaultyNode, startFaultyNode } from './testing-faulty-node.ts'

type RawLog = Record<string, unknown> & { address: string; logIndex: string; topics: string[] }
type RawBlock = Record<string, unknown>

describe('a node that', () => {
  let scene: Scene
  let mirror: Mirror
  let fresh: Mirror
  let node: FaultyNode
  let lines: Lines
  const stopping = new AbortController()
  let running: Promise<void>

  before(async () => {
    scene = await startScene({ slotsInAnEpoch: 4 })
    mirror = await openMirror(scene)
    fresh = await openMirror(scene)
    node = await startFaultyNode(scene.chain.url)
    lines = createLines()
    await scene.createProject(1)
    for (const holder of scene.holders) await scene.register(holder)
    await scene.mint(1, scene.holders[0]!, 10_000n)
    running = start(node.url).catch((error) => lines.log.error(error, 'The indexer ended'))
  })
  after(async () => {
    stopping.abort()
    await running
    await node.close()
    await mirror.close()
    await fresh.close()
    await scene.chain.stop()
  })
  afterEach(async () => {
    node.break(undefined)
    const dump = await settled()
    await fresh.truncate()
    await fresh.catchUp()
    expect(dump).to.deep.equal(await fresh.dump())
  })

  function start(...urls: string[]) {
    return run(settingsOf(mirror, urls), { log: lines.log, clock: () => new Date() }, stopping.signal)
  }

  async function untilCaughtUp() {
    const head = await scene.chain.client.getBlockNumber({ cacheTime: 0 })
    await until(async () => (await mirroredBlock()) >= head, 10_000, 10)
  }

  /** What is mirrored once nothing moves any more: the watermark may follow a moment after the head. */
  async function settled() {
    await untilCaughtUp()
    const { number } = await scene.chain.client.getBlock({ blockTag: 'finalized' })
    await until(async () => (await finalBlock()) >= number, 10_000, 10)
    return mirror.dump()
  }

  async function finalBlock() {
    const { rows } = await mirror.database.admin.query<{ final: string }>('select final_block as final from chain.checkpoint')
    return BigInt(rows[0]?.final ?? -1)
  }

  async function mirroredBlock() {
    const { rows } = await mirror.database.admin.query<{ number: string }>('select block_number as number from chain.checkpoint')
    return BigInt(rows[0]?.number ?? -1)
  }

  /** Breaks the node, lets something happen on the chain, and waits until the indexer complains with `code`, nothing being written meanwhile. */
  async function expectRefusal(fault: Fault, code: string) {
    // The watermark may still follow the chain's own over blocks that are there.
    const { checkpoint: _, ...before } = await settled()
    const at = await mirroredBlock()
    node.break(fault)
    lines.clear()
    await someBlock(scene)
    await until(async () => lines.codes().includes(code), 10_000, 10)
    expect(await mirror.dump()).to.deep.include(before)
    expect(await mirroredBlock()).to.equal(at)
  }

  const onLogs = (change: (logs: RawLog[]) => unknown): Fault =>
    on('eth_getLogs', async (honest) => ({ result: change((await honest()) as RawLog[]) }))
  const onBlocks = (change: (block: RawBlock) => unknown): Fault =>
    on('eth_getBlockByNumber', async (honest) => ({ result: change((await honest()) as RawBlock) }))
  const always =
    (answer: Answer): Fault =>
    () =>
      answer
  const zeros = `0x${'0'.repeat(64)}`

  const refused: [string, string, Fault][] = [
    ['finds no logs where the header promises some', 'RPC_LOGS_MISSING', onLogs(() => [])],
    ['leaves out the first log', 'RPC_LOGS_MISSING', onLogs((logs) => logs.slice(1))],
    ['leaves out the last log', 'RPC_LOGS_MISSING', onLogs((logs) => logs.slice(0, -1))],
    ['sends a log twice', 'RPC_LOG_DUPLICATE', onLogs((logs) => [...logs, logs[0]])],
    ['sends a log it calls removed', 'RPC_LOG_REMOVED', onLogs((logs) => logs.map((log) => ({ ...log, removed: true })))],
    ['sends logs of another block', 'RPC_BLOCK_MISMATCH', onLogs((logs) => logs.map((log) => ({ ...log, blockHash: zeros })))],
    ['sends logs of another height', 'RPC_BLOCK_MISMATCH', onLogs((logs) => logs.map((log) => ({ ...log, blockNumber: '0x1' })))],
    ['sends logs without a block', 'RPC_LOGS_MISMATCH', onLogs((logs) => logs.map((log) => ({ ...log, blockHash: null })))],
    [
      'invents a log',
      'RPC_LOGS_MISMATCH',
      onLogs((logs) => [
        ...logs,
        { ...logs[0], logIndex: `0x${logs.length.toString(16)}`, topics: [...logs[0]!.topics.slice(0, 3), `0x${'77'.repeat(32)}`] },
      ]),
    ],
    ['answers null for logs', 'RPC_FAILED', onLogs(() => null)],
    ['answers null for the newest block', 'RPC_FAILED', onBlocks(() => null)],
    ['sends a block without a bloom filter', 'RPC_BAD_BLOCK', onBlocks((block) => ({ ...block, logsBloom: null }))],
    ['is busy (429)', 'RPC_FAILED', always({ status: 429, headers: { 'retry-after': '1' } })],
    ['fails (500)', 'RPC_FAILED', always({ status: 500 })],
    ['is behind a broken gateway (502, HTML)', 'RPC_FAILED', always({ status: 502, body: '<html>Bad gateway</html>' })],
    ['sends HTML with status 200', 'RPC_FAILED', always({ status: 200, body: '<html>Welcome</html>' })],
    ['cuts its answers short', 'RPC_FAILED', always({ body: '{"jsonrpc":"2.0","id":1,"resul' })],
    ['sends an answer without a result', 'RPC_FAILED', always({ body: '{"jsonrpc":"2.0","id":1}' })],
    ['hangs up', 'RPC_FAILED', always('reset')],
  ]
  for (const [name, code, fault] of refused) it(`${name} is refused with ${code}, and nothing is written`, () => expectRefusal(fault, code))

  it('turns out to be on another chain after a hiccup is not read any more', () =>
    expectRefusal(
      async (call, honest) =>
        call.method === 'eth_chainId' ? { result: '0x1' } : call.method === 'eth_getLogs' ? 'reset' : { result: await honest() },
      'RPC_WRONG_CHAIN',
    ))

  it('is stuck at an old block is waited for', async () => {
    const before = await settled()
    const stuckAt: Record<string, unknown> = {}
    for (const tag of ['latest', 'finalized'] as const)
      stuckAt[tag] = await scene.chain.client.request({ method: 'eth_getBlockByNumber', params: [tag, false] })
    node.break(on('eth_getBlockByNumber', async (honest, [tag]) => ({ result: stuckAt[String(tag)] ?? (await honest()) })))
    await someBlock(scene)
    await sleep(300)
    expect(await mirror.dump()).to.deep.equal(before)
  })

  it('falls behind is not taken for a reorganisation', async () => {
    const before = await settled()
    const head = await scene.chain.client.getBlockNumber({ cacheTime: 0 })
    const old = await scene.chain.client.request({ method: 'eth_getBlockByNumber', params: [`0x${(head - 5n).toString(16)}`, false] })
    lines.clear()
    node.break(
      on('eth_getBlockByNumber', async (honest, [tag]) => ({
        result: tag === 'latest' ? old : BigInt(String(tag).replace(/^[a-z]+$/, '0')) > head - 5n ? null : await honest(),
      })),
    )
    await until(async () => lines.codes().includes('RPC_HEAD_BEHIND'))
    await sleep(200)
    expect(await mirror.dump()).to.deep.equal(before)
  })

  it('takes its final block back, loses it, or puts it ahead of the head moves no watermark', async () => {
    await scene.chain.client.mine({ blocks: 30 })
    await settled()
    const kept = await finalBlock()
    expect(kept).to.be.greaterThan(20n)
    const answers: Answer[] = [
      { error: { code: -32_000, message: 'finalized block not found' } },
      { result: null },
      { result: await scene.chain.client.request({ method: 'eth_getBlockByNumber', params: ['0x2', false] }) },
      { status: 500 },
    ]
    for (const answer of answers) {
      node.break(on('eth_getBlockByNumber', async (honest, [tag]) => (tag === 'finalized' ? answer : { result: await honest() })))
      await someBlock(scene)
      await untilCaughtUp()
      expect(await finalBlock()).to.equal(kept)
    }
    const ahead = {
      ...((await scene.chain.client.request({ method: 'eth_getBlockByNumber', params: ['latest', false] })) as object),
      number: '0xffffff',
    }
    node.break(on('eth_getBlockByNumber', async (honest, [tag]) => ({ result: tag === 'finalized' ? ahead : await honest() })))
    await someBlock(scene)
    await untilCaughtUp()
    expect(await finalBlock()).to.equal(kept)
    node.break(undefined)
    await scene.chain.client.mine({ blocks: 20 })
  })

  it('writes addresses and hashes in capitals is understood', async () => {
    await untilCaughtUp()
    const shout = (text: unknown) => `0x${String(text).slice(2).toUpperCase()}`
    node.break(
      onLogs((logs) =>
        logs.map((log) => ({
          ...log,
          address: shout(log.address),
          blockHash: shout(log.blockHash),
          transactionHash: shout(log.transactionHash),
          topics: log.topics.map(shout),
        })),
      ),
    )
    await someBlock(scene)
    await untilCaughtUp()
  })

  it('sends logs out of order is understood', async () => {
    node.break(onLogs((logs) => [...logs].reverse()))
    await someBlock(scene)
    await untilCaughtUp()
  })

  it('goes away for seconds and comes back is followed again within two seconds', async () => {
    await untilCaughtUp()
    const port = Number(new URL(node.url).port)
    await node.close()
    await someBlock(scene)
    await sleep(2_500)
    node = await startFaultyNode(scene.chain.url, port)
    await untilCaughtUp()
  })
})

describe('a provider with limits', () => {
  it('is backfilled from in ranges it allows, whole and without a wrong row', async () => {
    const scene = await startScene({ slotsInAnEpoch: 4 })
    const [mirror, fresh] = [await openMirror(scene), await openMirror(scene)]
    const node = await startFaultyNode(scene.chain.url)
    await scene.createProject(1)
    for (const holder of scene.holders.slice(0, 3)) await scene.register(holder)
    for (let times = 0; times < 12; times++) {
      await scene.mint(1, scene.holders[times % 3]!, 5n)
      await scene.chain.client.mine({ blocks: 100 })
    }
    let busy = 0
    let whole = 0
    node.break(
      on('eth_getLogs', async (honest, [filter]) => {
        const { fromBlock, toBlock, address } = filter as { fromBlock?: Hex; toBlock?: Hex; address?: unknown }
        // All logs of a block, of which there may be too many; asked for by the block's hash they come.
        if (fromBlock !== undefined && address === undefined && whole++ % 2 === 0)
          return { error: { code: -32_005, message: 'query returned more than 10000 results' } }
        if (fromBlock !== undefined && BigInt(toBlock!) - BigInt(fromBlock) >= 100n)
          return { error: { code: -32_602, message: 'eth_getLogs is limited to a 100 block range' } }
        return ++busy % 5 === 0 ? { status: 429 } : { result: await honest() }
      }),
    )
    const lines = createLines()
    await run(
      { ...settingsOf(mirror, [node.url]), chainId: undefined },
      { log: lines.log, clock: () => new Date() },
      new AbortController().signal,
      true,
    )
    await fresh.catchUp()
    expect(await mirror.dump()).to.deep.equal(await fresh.dump())
    expect(busy).to.be.greaterThan(10)
    expect(whole).to.be.greaterThan(3)
    await node.close()
    await mirror.close()
    await fresh.close()
    await scene.chain.stop()
  })

  it('that fails for good is left for the next one', async () => {
    const scene = await startScene()
    const mirror = await openMirror(scene)
    const node = await startFaultyNode(scene.chain.url)
    const lines = createLines()
    const stopping = new AbortController()
    const running = run(settingsOf(mirror, [node.url, scene.chain.url]), { log: lines.log, clock: () => new Date() }, stopping.signal)
    const mirrored = async () => (await mirror.db.query('select from chain.project_created')).rowCount
    await until(async () => (await mirror.db.query('select from chain.checkpoint')).rowCount === 1)
    node.break(() => ({ status: 503 }))
    await scene.createProject(1)
    await until(async () => (await mirrored()) === 1, 3_000, 10)
    stopping.abort()
    await running
    await node.close()
    await mirror.close()
    await scene.chain.stop()
  })

  it('that has another block where the final one is holds the watermark, and nothing else', async () => {
    const scene = await startScene({ slotsInAnEpoch: 1 })
    const mirror = await openMirror(scene)
    const other = await startFaultyNode(scene.chain.url)
    const lines = createLines()
    const stopping = new AbortController()
    const read = async () => {
      const { rows } = await mirror.db.query<{ head: string; final: string }>(
        'select block_number as head, final_block as final from chain.checkpoint',
      )
      return { head: BigInt(rows[0]?.head ?? -1), final: BigInt(rows[0]?.final ?? -1) }
    }
    const final = async () => (await scene.chain.client.getBlock({ blockTag: 'finalized' })).number
    const running = run(settingsOf(mirror, [scene.chain.url, other.url]), { log: lines.log, clock: () => new Date() }, stopping.signal)
    await scene.chain.client.mine({ blocks: 20 })
    await until(async () => (await read()).final === (await final()))
    const before = await read()
    other.break(
      on('eth_getBlockByNumber', async (honest) => ({ result: { ...((await honest()) as object), hash: `0x${'6'.repeat(64)}` } })),
    )
    await scene.chain.client.mine({ blocks: 20 })
    await until(async () => (await read()).head === before.head + 20n)
    await until(async () => lines.codes().includes('NODES_DISAGREE'))
    expect((await read()).final).to.equal(before.final)
    other.break(undefined)
    await until(async () => (await read()).final === (await final()))
    expect((await read()).final).to.equal(before.final + 20n)
    stopping.abort()
    await running
    await other.close()
    await mirror.close()
    await scene.chain.stop()
  })
})

/** Breaks one method, and leaves the others alone. */
function on(method: string, answer: (honest: () => Promise<unknown>, params: unknown[]) => Promise<Answer>): Fault {
  return async (call, honest) => (call.method === method ? answer(honest, call.params) : { result: await honest() })
}

/** Two blocks: a mint, which emits two events, and a transfer. */
async function someBlock(scene: Scene): Promise<void> {
  const [alice, bob] = scene.holders as [Hex, Hex]
  await scene.mint(1, alice, 3n)
  await scene.transfer(1, alice, bob, 1n)
}
