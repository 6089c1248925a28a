import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { expect } from 'chai'
import { createPublicClient, type Hex, http, type PublicClient, parseAbi } from 'viem'
import { WebSocket } from 'ws'
import { until } from '../../common/node/testing.ts'
import { createBloomBuilder } from './chain/bloom.ts'
import { TRANSFER_BATCH, TRANSFER_SINGLE } from './chain/events.ts'
import { type Facts, generateChain } from './chain/generate.ts'
import { CHAIN_ID, CONTRACT, createTokens } from './chain/tokens.ts'
import { createCleanup } from './cleanup.ts'
import { controlNode, type FixtureNode, startNode } from './start-node.ts'

const ABI = parseAbi([
  'function supportsInterface(bytes4) view returns (bool)',
  'function balanceOfBatch(address[], uint256[]) view returns (uint256[])',
])
const NOT_THERE = `0x${'1'.repeat(64)}`

describe('the fixture node', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'terra-node-'))
  const cleanup = createCleanup()
  let facts: Facts
  let node: FixtureNode
  let client: PublicClient
  const ask = async (...requests: { method: string; params?: unknown[] }[]) => {
    const body = requests.map((request, id) => ({ jsonrpc: '2.0', id, ...request }))
    const response = await fetch(node.url, { method: 'POST', body: JSON.stringify(body.length === 1 ? body[0] : body) })
    return (await response.json()) as { result?: unknown; error?: { code: number; message: string }; id: number }
  }
  const logs = async (filter: object) =>
    (await ask({ method: 'eth_getLogs', params: [filter] })).result as { topics: Hex[]; address: Hex }[]
  const hex = (value: number) => `0x${value.toString(16)}`

  before(async () => {
    facts = await generateChain(scratch, { seed: 3, transfers: 5_000, wideIds: false }, () => {})
    node = await startNode(scratch, cleanup)
    client = createPublicClient({ transport: http(node.url, { retryCount: 0 }) })
  })
  after(async () => {
    await cleanup.run()
    rmSync(scratch, { recursive: true, force: true })
  })

  test('answers what an indexer asks at its start', async () => {
    expect(await client.getChainId()).to.equal(CHAIN_ID)
    expect(await client.getBlockNumber()).to.equal(BigInt(facts.head))
    expect((await client.getBlock({ blockTag: 'finalized' })).number).to.equal(BigInt(facts.head - 64))
    expect(await client.getCode({ address: CONTRACT })).not.to.equal(undefined)
    expect(await client.getCode({ address: NOT_THERE.slice(0, 42) as Hex })).to.equal(undefined)
    const supports = (id: Hex) => client.readContract({ address: CONTRACT, abi: ABI, functionName: 'supportsInterface', args: [id] })
    expect(await Promise.all(['0x01ffc9a7', '0xd9b67a26', '0xffffffff'].map((id) => supports(id as Hex)))).to.deep.equal([
      true,
      true,
      false,
    ])
  })

  test('answers blocks by number and by hash, linked, with and without transactions', async () => {
    const block = await client.getBlock({ blockNumber: 20n, includeTransactions: true })
    expect(await client.getBlock({ blockHash: block.hash, includeTransactions: true })).to.deep.equal(block)
    expect((await client.getBlock({ blockNumber: 19n })).hash).to.equal(block.parentHash)
    const bare = await client.getBlock({ blockNumber: 20n })
    expect(block.transactions.map(({ hash }) => hash)).to.deep.equal(bare.transactions)
    const receipts = await Promise.all(bare.transactions.map((hash) => client.getTransactionReceipt({ hash })))
    expect(receipts.flatMap((receipt) => receipt.logs)).to.deep.equal(await client.getLogs({ blockHash: block.hash }))
    expect((await ask({ method: 'eth_getBlockByNumber', params: [hex(facts.head + 1), false] })).result).to.equal(null)
    expect((await ask({ method: 'eth_getBlockByHash', params: [NOT_THERE, false] })).result).to.equal(null)
  })

  test("sets in each block's filter the bits of its logs and no others", async () => {
    const bloom = createBloomBuilder()
    for (const number of [1, 2, 3, facts.head]) {
      const block = await client.getBlock({ blockNumber: BigInt(number) })
      for (const { address, topics } of await logs({ blockHash: block.hash })) for (const value of [address, ...topics]) bloom.add(value)
      expect(block.logsBloom).to.equal(bloom.take())
    }
  })

  test('filters logs by address and by topics', async () => {
    const range = { fromBlock: hex(1), toBlock: hex(60) }
    const all = await logs(range)
    const transfers = all.filter(({ topics }) => topics[0] === TRANSFER_SINGLE || topics[0] === TRANSFER_BATCH)
    expect(await logs({ ...range, address: [CONTRACT], topics: [[TRANSFER_BATCH, TRANSFER_SINGLE]] })).to.deep.equal(transfers)
    const batches = all.filter(({ topics }) => topics[0] === TRANSFER_BATCH)
    expect(await logs({ ...range, topics: [TRANSFER_BATCH] })).to.deep.equal(batches)
    const receiver = batches[0]!.topics[3]!
    const received = transfers.filter(({ topics }) => topics[3] === receiver)
    expect(await logs({ ...range, topics: [[TRANSFER_BATCH, TRANSFER_SINGLE], null, null, receiver] })).to.deep.equal(received)
    expect(await logs({ ...range, address: NOT_THERE.slice(0, 42) })).to.deep.equal([])
    expect(await logs({ fromBlock: hex(facts.head + 1), toBlock: hex(facts.head + 9) })).to.deep.equal([])
    expect((await ask({ method: 'eth_getLogs', params: [{ fromBlock: hex(9), toBlock: hex(8) }] })).error?.code).to.equal(-32_602)
    expect((await ask({ method: 'eth_getLogs', params: [{ blockHash: NOT_THERE }] })).error?.message).to.equal('unknown block')
  })

  test('answers batches in order, and errors where there is nothing to answer', async () => {
    const answers = (await ask({ method: 'eth_chainId' }, { method: 'eth_nonsense' })) as unknown as Awaited<ReturnType<typeof ask>>[]
    expect(answers.map(({ id }) => id)).to.deep.equal([0, 1])
    expect(answers[0]!.result).to.equal(hex(CHAIN_ID))
    expect(answers[1]!.error?.code).to.equal(-32_601)
  })

  test('refuses what a provider would refuse, and says which range would do', async () => {
    const filter = { fromBlock: '0x0', toBlock: hex(facts.head) }
    await controlNode(node, { limits: { blocks: 100, results: 500 } })
    const refused = await ask({ method: 'eth_getLogs', params: [filter] })
    expect(refused.error?.message).to.match(/this block range should work: \[0x0, 0x63\]$/)
    expect((await ask({ method: 'eth_getLogs', params: [{ fromBlock: '0x0', toBlock: '0x63' }] })).error).to.equal(undefined)
    await controlNode(node, { limits: null })
    expect((await logs(filter)).length).to.equal(facts.logs)
  })

  test('counts what it is asked', async () => {
    await controlNode(node, { reset: true })
    await ask({ method: 'eth_chainId' }, { method: 'eth_nonsense' })
    const { statistics } = await controlNode(node)
    expect(statistics).to.deep.include({ calls: 2, refused: 1, byMethod: { eth_chainId: 1, eth_nonsense: 1 } })
    expect(statistics.bytesSent).to.be.greaterThan(50)
  })

  test('grows, tells subscribers, knows what everybody then holds, and goes back', async () => {
    const socket = new WebSocket(node.url.replace('http', 'ws'))
    const messages: { id?: number; result?: string; params?: { result: Record<string, string> } }[] = []
    socket.on('message', (data) => messages.push(JSON.parse(String(data))))
    await once(socket, 'open')
    socket.send(JSON.stringify({ id: 1, method: 'eth_subscribe', params: ['newHeads'] }))
    await until(async () => messages[0]?.result !== undefined)
    await controlNode(node, { live: { everyMs: 20, blocks: 5 } })
    await until(async () => messages.length === 6)
    socket.close()
    const heads = messages.slice(1).map(({ params }) => params!.result)
    const { head, arrivals } = await controlNode(node)
    expect(head).to.equal(facts.head + 5)
    expect(arrivals.map(({ number }) => number)).to.deep.equal(heads.map(({ number }) => Number(number)))
    expect(heads[1]!.parentHash).to.equal(heads[0]!.hash)
    expect((await client.getBlock()).hash).to.equal(heads[4]!.hash)
    const { holders, ids } = createTokens(3, false)
    const [accounts, all] = [ids.map(() => holders[0]!.address as Hex), ids.map(({ id }) => BigInt(id))]
    const units = await client.readContract({ address: CONTRACT, abi: ABI, functionName: 'balanceOfBatch', args: [accounts, all] })
    expect(units.some((amount) => amount > 0n)).to.equal(true)
    await controlNode(node, { reset: true })
    expect(await client.getBlockNumber({ cacheTime: 0 })).to.equal(BigInt(facts.head))
  })
})
