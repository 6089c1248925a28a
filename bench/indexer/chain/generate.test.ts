import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { expect } from 'chai'
import { decodeEventLog, type Hex, keccak256, parseAbi, toRlp } from 'viem'
import { type Facts, generateChain, readFacts } from './generate.ts'
import { timeOf } from './header.ts'
import { type ChainStore, openStore } from './store.ts'
import { createTokens } from './tokens.ts'

const ABI = parseAbi([
  'event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value)',
  'event TransferBatch(address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values)',
])
const ZERO = `0x${'0'.repeat(40)}`
const OPTIONS = { seed: 7, transfers: 3_000, wideIds: false }

interface Log {
  topics: [Hex, ...Hex[]]
  data: Hex
  blockNumber: Hex
  blockHash: Hex
  blockTimestamp: Hex
  logIndex: Hex
}

describe('a generated chain', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'terra-generate-'))
  let facts: Facts
  let store: ChainStore
  const logsOf = (number: number) => JSON.parse(`[${store.readLogs(number, number, 'all')}]`) as Log[]

  before(async () => {
    facts = await generateChain(join(scratch, 'chain'), OPTIONS, () => {})
    store = openStore(join(scratch, 'chain'))
  })
  after(() => {
    store.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  test('is the same for the same seed and another for another', async () => {
    const again = await generateChain(join(scratch, 'again'), OPTIONS, () => {})
    const other = await generateChain(join(scratch, 'other'), { ...OPTIONS, seed: 8 }, () => {})
    expect(again).to.deep.equal(facts)
    expect(readFacts(join(scratch, 'chain'))).to.deep.equal(facts)
    expect(other.transferDigests['0']).not.to.equal(facts.transferDigests['0'])
    const same = openStore(join(scratch, 'again'))
    expect(same.hashOf(facts.head)).to.equal(store.hashOf(facts.head))
    same.close()
  })

  test('has headers whose hash is that of their fields and whose parent is the block before', () => {
    for (let number = 0; number <= facts.head; number++) {
      const block = readBlock(number)
      expect(block.hash).to.equal(hashOf(block))
      expect(block.hash).to.equal(store.hashOf(number))
      expect(block.parentHash).to.equal(number === 0 ? `0x${'0'.repeat(64)}` : store.hashOf(number - 1))
      expect(Number(block.timestamp)).to.equal(timeOf(number))
    }
  })

  test('numbers the logs of each block from 0, and each names its block and its time', () => {
    for (let number = 0; number <= facts.head; number++) {
      logsOf(number).forEach((log, at) => {
        expect(Number(log.logIndex)).to.equal(at)
        expect(Number(log.blockNumber)).to.equal(number)
        expect(log.blockHash).to.equal(store.hashOf(number))
        expect(Number(log.blockTimestamp)).to.equal(timeOf(number))
      })
    }
    expect(Object.keys(logsOf(1)[0]!).join(' ')).to.equal(
      'address topics data blockNumber transactionHash transactionIndex blockHash blockTimestamp logIndex removed',
    )
  })

  test('is one on which a general decoder sees what the facts say, and nobody ever has less than nothing', () => {
    const holdings = new Map<string, bigint>()
    const kinds = { single: 0, batch: 0, mint: 0, burn: 0 }
    let transfers = 0
    const change = (holder: string, id: bigint, units: bigint) => {
      if (holder === ZERO) return
      const pair = `${holder} ${id}`
      const left = (holdings.get(pair) ?? 0n) + units
      expect(left >= 0n).to.equal(true)
      holdings.set(pair, left)
    }
    const logs = JSON.parse(`[${store.readLogs(0, facts.head, 'transfers')}]`) as Log[]
    for (const { topics, data } of logs) {
      const { isSingle, from, to, moves } = decode(topics, data)
      kinds[isSingle ? 'single' : 'batch']++
      if (from === ZERO) kinds.mint++
      if (to === ZERO) kinds.burn++
      for (const [id, units] of moves) {
        transfers++
        change(from, id, -units)
        change(to, id, units)
      }
    }
    expect(transfers).to.equal(facts.transfers)
    expect(transfers).to.be.within(OPTIONS.transfers, OPTIONS.transfers + 200)
    expect(logs.length / facts.logs).to.be.closeTo(0.85, 0.03)
    expect(kinds.batch / facts.logs).to.be.closeTo(0.05, 0.02)
    expect(kinds.burn).to.be.greaterThan(20)
    expect(kinds.mint).to.be.greaterThan(300)
  })

  test('has ids beyond 64 bits only when asked', () => {
    expect(createTokens(1, false).ids.every(({ id }) => BigInt(id) < 2n ** 31n)).to.equal(true)
    expect(createTokens(1, true).ids.filter(({ id }) => BigInt(id) > 2n ** 64n)).to.have.length(10)
  })

  function readBlock(number: number): Record<string, string> {
    const { before: first, after: last } = store.readHeader(number)
    return JSON.parse(`${first}[]${last}`)
  }
})

function decode(topics: Log['topics'], data: Hex) {
  const event = decodeEventLog({ abi: ABI, topics, data })
  const [from, to] = [event.args.from.toLowerCase(), event.args.to.toLowerCase()]
  if (event.eventName === 'TransferSingle') return { isSingle: true, from, to, moves: [[event.args.id, event.args.value] as const] }
  const { ids, values } = event.args
  return { isSingle: false, from, to, moves: ids.map((id, at) => [id, values[at]!] as const) }
}

/** By the fields of a header before the merge, in the order of the Yellow Paper. */
function hashOf(block: Record<string, string>): string {
  const names = ['parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom', 'difficulty', 'number']
  names.push('gasLimit', 'gasUsed', 'timestamp', 'extraData', 'mixHash', 'nonce', 'baseFeePerGas')
  const bytes = names.map((name): Hex => {
    const hex = block[name]!.slice(2)
    if (!['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp', 'baseFeePerGas'].includes(name)) return `0x${hex}`
    const trimmed = hex.replace(/^0+/, '')
    return `0x${trimmed.length % 2 === 1 ? '0' : ''}${trimmed}`
  })
  return keccak256(toRlp(bytes))
}
