import { describe, it } from 'node:test'
import { expect } from 'chai'
import { encodeAbiParameters, encodeEventTopics, type Hex, numberToHex, pad } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import { type Buffers, takeAll } from '../copy-rows.ts'
import { type Block, checkLogs, type Source } from '../source.ts'
import { createRandom, type Random, seedOf } from '../testing.ts'
import type { Range } from './fetch-ranges.ts'
import { createHoldingDeltas } from './holding-deltas.ts'
import { createRangeReader } from './read-range.ts'
import { toMined } from './scan-range.ts'

const LEDGER: Hex = `0x${'1e'.repeat(20)}`
const END: Block = { number: 109n, hash: hashOf(109), parentHash: hashOf(108), timeSeconds: 1_700_000_109n, logsBloom: toBloom('f') }
const TWO_IDS = [{ type: 'uint256[]' }, { type: 'uint256[]' }] as const

interface WireLog {
  address: Hex
  topics: Hex[]
  data: Hex
  blockNumber: Hex
  transactionHash: Hex
  transactionIndex: Hex
  blockHash: Hex
  blockTimestamp: Hex
  logIndex: Hex
  removed: boolean
}

describe('a range of logs', () => {
  const random = createRandom(seedOf('read range'))
  /** What the headers let pass. */
  let inner = toBloom('f')
  const source = {
    blockAt: async (number: bigint) => ({
      ...END,
      number,
      hash: hashOf(Number(number)),
      timeSeconds: 1_700_000_000n + number,
      logsBloom: inner,
    }),
  } as unknown as Source

  /** What a range is that ends with the last block of these logs; `others` are of contracts that nobody asked for. */
  function end(logs: readonly WireLog[], others: readonly WireLog[] = []) {
    const last = [...logs.filter(({ blockNumber }) => blockNumber === '0x6d'), ...others]
    return { from: 100n, end: END, endLogs: checkLogs(last.map((log) => toMined(log as never))) }
  }

  /** Rows by table as bytes, and whether every transfer went into the sums, which the general way gives up. */
  async function read(logs: readonly unknown[], range: Omit<Range, 'answer'>, text = JSON.stringify(logs)) {
    const deltas = createHoldingDeltas()
    const buffers: Buffers = new Map()
    const answer = Buffer.from(`{"jsonrpc":"2.0","id":1,"result":${text}}`)
    const count = await createRangeReader(source, { ownership: LEDGER }, deltas).read({ ...range, answer }, buffers)
    const rows = Object.fromEntries([...takeAll(buffers)].map(([table, bytes]) => [table, bytes.toString('hex')]))
    return { count, rows, isFast: deltas.isComplete }
  }

  it('gives the same rows whether its answer is walked over or parsed', async () => {
    const logs = makeLogs(random, 400)
    const fast = await read(logs, end(logs))
    const general = await read(logs.map(generally), end(logs))
    expect(fast.isFast).to.equal(true)
    expect(general.isFast).to.equal(false)
    expect(fast.count).to.equal(general.count).and.equal(400)
    expect(fast.rows).to.deep.equal(general.rows)
    expect(Object.keys(fast.rows)).to.have.members(['transfer', 'approval_set', 'uri_set'])
  })

  it('may be empty', async () => {
    expect(await read([], end([]))).to.deep.equal({ count: 0, rows: {}, isFast: true })
  })

  const other: Hex = `0x${'0d'.repeat(32)}`
  const lies: [string, (logs: WireLog[]) => unknown[], RegExp][] = [
    ['in another order', (logs) => [logs[1], logs[0], ...logs.slice(2)], /^$/],
    ['with a log twice', (logs) => [logs[0], ...logs], /RPC_LOG_DUPLICATE/],
    ['of blocks nobody asked for', (logs) => [{ ...logs[0]!, blockNumber: '0x1' }, ...logs.slice(1)], /RPC_BLOCK_MISMATCH/],
    [
      'with two hashes for one block',
      (logs) => logs.map((log, at) => (at === 1 ? { ...log, blockHash: other } : log)),
      /RPC_BLOCK_MISMATCH/,
    ],
    [
      'whose last block has another hash',
      (logs) => logs.map((log) => (log.blockNumber === '0x6d' ? { ...log, blockHash: other } : log)),
      /RPC_BLOCK_MISMATCH/,
    ],
    ['with removed logs', (logs) => [{ ...logs[0]!, removed: true }, ...logs.slice(1)], /RPC_LOG_REMOVED/],
    ['with logs in no block', (logs) => [{ ...logs[0]!, blockHash: null }, ...logs.slice(1)], /RPC_LOGS_MISMATCH/],
    ['with data cut short', (logs) => logs.map((log) => ({ ...log, data: log.data.slice(0, -2) })), /UNEXPECTED_EVENT|RPC_LOGS_MISMATCH/],
  ]
  for (const [what, lie, code] of lies)
    it(`${what} is ${code.source === '^$' ? 'put in order' : 'refused'}`, async () => {
      const logs = makeLogs(createRandom(7), 60)
      const outcome = await read(lie(logs), end(logs)).then(
        ({ rows }) => ({ code: '', rows }),
        (error) => ({ code: String(error.code), rows: undefined }),
      )
      expect(outcome.code).to.match(code)
      if (code.source === '^$') expect(outcome.rows).to.deep.equal((await read(logs, end(logs))).rows)
    })

  const denied: Hex = `0x${'77'.repeat(32)}`
  const ways: [string, (log: WireLog) => object][] = [
    ['walked over', (log) => log],
    ['parsed', generally],
  ]
  for (const [way, change] of ways) {
    const refusal = (logs: readonly WireLog[], range: Omit<Range, 'answer'>) =>
      read(logs.map(change), range).then(
        () => 'none',
        (error) => error.code,
      )

    it(`with a log that its last block doesn’t hold is refused, ${way}`, async () => {
      const logs = makeLogs(createRandom(13), 40)
      const model = logs.findLast(({ topics }) => topics.length === 4)!
      const invented = { ...logs.at(-1)!, topics: [...model.topics.slice(0, 3), denied], data: model.data, logIndex: numberToHex(40) }
      expect(await refusal([...logs, invented], end(logs))).to.equal('RPC_LOGS_MISMATCH')
    })

    it(`that leaves out a log of its last block is refused, ${way}`, async () => {
      const logs = makeLogs(createRandom(13), 40)
      expect(await refusal(logs.slice(0, -1), end(logs))).to.equal('RPC_LOGS_MISMATCH')
      expect(
        await refusal(
          logs.filter(({ blockNumber }) => blockNumber !== '0x6d'),
          end(logs),
        ),
      ).to.equal('RPC_LOGS_MISMATCH')
    })

    it(`may end with a block that holds other contracts’ logs, ${way}`, async () => {
      const logs = makeLogs(createRandom(13), 40)
      expect(await refusal(logs, end(logs, [{ ...logs.at(-1)!, logIndex: numberToHex(99), address: `0x${'55'.repeat(20)}` }]))).to.equal(
        'none',
      )
    })
  }

  it('with a log that its own header denies is refused where headers are asked for', async () => {
    const logs = makeLogs(createRandom(15), 40)
    inner = toBloom('0')
    const refused = await read(logs.map(generally), end(logs)).catch((error) => error.code)
    inner = toBloom('f')
    expect(refused).to.equal('RPC_LOGS_MISMATCH')
  })

  it('whose logs are dated before the range before it is read by its headers’ times', async () => {
    const reader = createRangeReader(source, { ownership: LEDGER })
    const logs = makeLogs(createRandom(17), 40)
    const before = { from: 90n, end: { ...END, number: 99n, hash: hashOf(99), timeSeconds: 1_700_000_099n }, endLogs: [] }
    const rowsOf = async (dated: readonly WireLog[]) => {
      const buffers: Buffers = new Map()
      const answerOf = (list: readonly WireLog[]) => Buffer.from(`{"jsonrpc":"2.0","id":1,"result":${JSON.stringify(list)}}`)
      await reader.read({ ...before, answer: answerOf([]) }, buffers)
      await reader.read({ ...end(logs), answer: answerOf(dated) }, buffers)
      return takeAll(buffers).get('transfer')!.toString('hex')
    }
    const early = logs.map((log, at) => (at < 4 ? { ...log, blockTimestamp: numberToHex(1_700_000_098) } : log))
    expect(await rowsOf(early)).to.equal(await rowsOf(logs))
  })

  it('is refused wherever its answer is cut off', async () => {
    const whole = JSON.stringify(makeLogs(createRandom(9), 5))
    for (let times = 0; times < 200; times++) {
      const cut = whole.slice(0, random.int(whole.length - 1) + 1)
      const failure = await read([], end([]), cut).then(
        () => undefined,
        (error) => error.code,
      )
      expect(failure, cut).to.be.oneOf(['RPC_LOGS_MISMATCH', 'RPC_LOG_REMOVED'])
    }
  })

  it('with any one character changed is read as it stands or refused, the same both ways', async () => {
    const logs = makeLogs(createRandom(11), 3)
    const whole = JSON.stringify(logs)
    let [read1, refused] = [0, 0]
    for (let times = 0; times < 600; times++) {
      const at = random.int(whole.length)
      const text = whole.slice(0, at) + random.pick([...'0123456789abcdefAxg"{},:[] ']) + whole.slice(at + 1)
      const fast = await outcomeOf(text, end(logs))
      let reordered: string
      try {
        const parsed = JSON.parse(text) as WireLog[]
        // Which block a log in the middle is of is held against headers only where there is no other way to know the times.
        if (parsed.some((log, index) => blockOf(log) !== blockOf(logs[index]))) continue
        reordered = JSON.stringify(parsed.map(generally))
      } catch {
        expect(fast, text).to.match(/^refused/)
        refused++
        continue
      }
      expect(fast, text).to.equal(await outcomeOf(reordered, end(logs)))
      if (fast.startsWith('refused')) refused++
      else read1++
    }
    expect(read1).to.be.greaterThan(20)
    expect(refused).to.be.greaterThan(50)
  })

  async function outcomeOf(text: string, range: Omit<Range, 'answer'>): Promise<string> {
    return read([], range, text).then(
      ({ rows }) => JSON.stringify(Object.entries(rows).map(([table, bytes]) => [table, rowsIn(Buffer.from(bytes, 'hex')).sort()])),
      (error) => `refused ${error.code}`,
    )
  }
})

/** Each row of a binary `COPY`, whose order means nothing: a topic in capitals takes the decoder's way, behind the others. */
function rowsIn(copy: Buffer): string[] {
  const rows: string[] = []
  const header = 19
  for (let at = header; copy.readInt16BE(at) >= 0; ) {
    const start = at
    const fields = copy.readInt16BE(at)
    at += 2
    for (let field = 0; field < fields; field++) at += 4 + Math.max(copy.readInt32BE(at), 0)
    rows.push(copy.toString('hex', start, at))
  }
  return rows
}

/** The same in another order, which the fast way doesn't know. */
function generally({ removed, ...log }: WireLog): object {
  return { removed, ...log }
}

function toBloom(digit: string): Hex {
  return `0x${digit.repeat(512)}`
}

function blockOf(log: WireLog | undefined): string {
  return `${log?.blockNumber} ${log?.blockHash} ${log?.blockTimestamp}`
}

function hashOf(block: number): Hex {
  return pad(numberToHex(block * 7_919), { size: 32 })
}

function makeLogs(random: Random, count: number): WireLog[] {
  const logs: WireLog[] = []
  for (let at = 0; at < count; at++) {
    const block = 100 + Math.floor((at * 10) / count)
    logs.push({
      address: LEDGER,
      ...makeEvent(random),
      blockNumber: numberToHex(block),
      transactionHash: pad(numberToHex(at + 1), { size: 32 }),
      transactionIndex: numberToHex(at),
      blockHash: hashOf(block),
      blockTimestamp: numberToHex(1_700_000_000 + block),
      logIndex: numberToHex(at),
      removed: false,
    })
  }
  return logs
}

function makeEvent(random: Random): { topics: Hex[]; data: Hex } {
  const address = (): Hex => (random.next() < 0.2 ? `0x${'0'.repeat(40)}` : pad(numberToHex(random.int(1_000_000) + 1), { size: 20 }))
  const units = () => random.pick([0n, 1n, 77n, 2n ** 52n, 2n ** 53n, 2n ** 128n, 2n ** 255n])
  const id = () => BigInt(random.pick([0, 1, 2, 16_777_215, 2_147_483_647]))
  const topics = (eventName: string, args: unknown) => encodeEventTopics({ abi: ownershipAbi, eventName, args } as never) as Hex[]
  const moved = () => ({ operator: address(), from: address(), to: address() })
  const kind = random.next()
  if (kind < 0.6)
    return {
      topics: topics('TransferSingle', moved()),
      data: encodeAbiParameters([{ type: 'uint256' }, { type: 'uint256' }], [id(), units()]),
    }
  if (kind < 0.8) {
    const ids = Array.from({ length: random.int(5) }, id)
    return { topics: topics('TransferBatch', moved()), data: encodeAbiParameters(TWO_IDS, [ids, ids.map(units)]) }
  }
  if (kind < 0.9)
    return {
      topics: topics('ApprovalForAll', { account: address(), operator: address() }),
      data: encodeAbiParameters([{ type: 'bool' }], [true]),
    }
  return { topics: topics('URI', { id: id() }), data: encodeAbiParameters([{ type: 'string' }], ['ipfs://Qm']) }
}
