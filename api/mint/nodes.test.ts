import { createServer, type Server } from 'node:http'
import { after, before, test } from 'node:test'
import { expect } from 'chai'
import { type CycleState, FIRST_CYCLE, runCycle } from './cycle.ts'
import type { Engine } from './engine.ts'
import { type Investor, type MintWorld, startMintWorld } from './testing.ts'

type Answer = { result: unknown } | { error: { code: number; message: string } }
/** What a node that lies makes of an honest answer. */
type Bend = (method: string, params: unknown[], honest: Answer) => Answer

let world: MintWorld
let investor: Investor
const servers: Server[] = []
before(async () => {
  world = await startMintWorld()
  investor = await world.addInvestor()
})
after(async () => {
  for (const server of servers) server.close()
  await world.close()
})

test('a node that cannot say what is final settles nothing, and harms nothing', async () => {
  let isBroken = true
  const url = await bentNode((_, params, honest) =>
    isBroken && params.includes('finalized') ? { error: { code: -32_000, message: 'finalized block not found' } } : honest,
  )
  const { id } = await world.addPaid(investor)
  const round = rounds(world.engine({ urls: [url] }))
  await turn(round, 4)
  expect(await stateOf(id)).to.equal('minting')
  isBroken = false
  await turn(round, 2)
  expect(await stateOf(id)).to.equal('settled')
})

test('of two nodes the one that calls less final is believed', async () => {
  let lag = 50
  const behind = await bentNode((method, params, honest) => {
    if (method !== 'eth_getBlockByNumber' || params[0] !== 'finalized' || !('result' in honest)) return honest
    const block = honest.result as { number: string }
    return { result: { ...block, number: `0x${Math.max(0, Number(block.number) - lag).toString(16)}` } }
  })
  const { id } = await world.addPaid(investor)
  const round = rounds(world.engine({ urls: [world.chain.url, behind] }))
  await turn(round, 5)
  expect(await stateOf(id)).to.equal('minting')
  lag = 0
  await turn(round, 2)
  expect(await stateOf(id)).to.equal('settled')
})

test('a finalized tag that goes back takes nothing back that is settled', async () => {
  let isBack = false
  const url = await bentNode((method, params, honest) => {
    if (!isBack || !params.includes('finalized') || !('result' in honest)) return honest
    return method === 'eth_getTransactionCount' ? { result: '0x0' } : { result: { ...(honest.result as object), number: '0x1' } }
  })
  const { id } = await world.addPaid(investor)
  const round = rounds(world.engine({ urls: [url] }))
  await turn(round, 5)
  expect(await stateOf(id)).to.equal('settled')
  isBack = true
  await turn(round, 3)
  expect(await stateOf(id)).to.equal('settled')
})

test('two nodes on different forks settle nothing until they agree', async () => {
  let isForked = true
  const forked = await bentNode((method, params, honest) => {
    if (!isForked || method !== 'eth_getBlockByNumber' || params[0] === 'finalized' || !('result' in honest) || !honest.result)
      return honest
    return { result: { ...(honest.result as object), hash: `0x${'f'.repeat(64)}` } }
  })
  const { id } = await world.addPaid(investor)
  const round = rounds(world.engine({ urls: [world.chain.url, forked] }))
  await turn(round, 5)
  expect(await stateOf(id)).to.equal('minting')
  isForked = false
  await turn(round, 3)
  expect(await stateOf(id)).to.equal('settled')
})

for (const [title, method] of [
  ['takes a transaction and loses the answer', 'eth_sendRawTransaction'],
  ['does not find receipts of what it mined', 'eth_getTransactionReceipt'],
] as const) {
  test(`a node that ${title} leads to one mint`, async () => {
    const before = await world.unitsOf(investor.wallet)
    let faults = 6
    const url = await bentNode((called, _, honest) => {
      if (called !== method || faults-- <= 0) return honest
      return method === 'eth_sendRawTransaction' ? { error: { code: -32_000, message: 'bad gateway' } } : { result: null }
    })
    const { id } = await world.addPaid(investor)
    const round = rounds(world.engine({ urls: [url] }))
    await turn(round, 14)
    expect(await stateOf(id)).to.equal('settled')
    expect(await world.unitsOf(investor.wallet)).to.equal(before + 1n)
    const { rows } = await world.db.admin.query(
      'select count(distinct a.nonce)::int as n from app.tx_attempt a join app.chain_intent c on c.id = a.intent_id where c.investment_id = $1',
      [id],
    )
    expect(rows[0].n).to.equal(1)
  })
}

test('a node that lags behind in counting nonces is no reason to send under a used one', async () => {
  const url = await bentNode((method, params, honest) => {
    if (method !== 'eth_getTransactionCount' || params[1] === 'finalized' || !('result' in honest)) return honest
    return { result: `0x${Math.max(0, Number(honest.result) - 3).toString(16)}` }
  })
  const before = await world.unitsOf(investor.wallet)
  const paid = [await world.addPaid(investor), await world.addPaid(investor)]
  const round = rounds(world.engine({ urls: [url] }))
  await turn(round, 6)
  for (const { id } of paid) expect(await stateOf(id)).to.equal('settled')
  expect(await world.unitsOf(investor.wallet)).to.equal(before + 2n)
})

/** The chain's own node behind a wire on which answers are bent. */
async function bentNode(bend: Bend): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const call = JSON.parse(Buffer.concat(chunks).toString()) as { id: number; method: string; params?: unknown[] }
    const honest = await fetch(world.chain.url, {
      method: 'POST',
      body: JSON.stringify(call),
      headers: { 'content-type': 'application/json' },
    })
    const answer = bend(call.method, call.params ?? [], (await honest.json()) as Answer)
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({ jsonrpc: '2.0', id: call.id, ...('error' in answer ? { error: answer.error } : { result: answer.result }) }),
    )
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`
}

function rounds(engine: Engine): () => Promise<CycleState> {
  let state = FIRST_CYCLE
  return async () => {
    state = await runCycle(engine, state)
    return state
  }
}

async function turn(round: () => Promise<CycleState>, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await round()
    await world.mine(1)
    await new Promise((resolve) => setTimeout(resolve, 110))
  }
}

async function stateOf(id: string): Promise<string> {
  const { rows } = await world.db.admin.query('select state from app.investment where id = $1', [id])
  return rows[0].state
}
