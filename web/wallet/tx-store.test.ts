import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { createTestClient, type Hash, http, parseEther, parseGwei, publicActions, walletActions } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'
import type { Tx } from '../view/transactions.ts'
import { createTxStore } from './tx-store.ts'

// A real chain in a process of its own; blocks come when the test says so.
let chain: ChildProcess
let client: ReturnType<typeof connect>
const account = privateKeyToAccount('0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80')
const other = '0x000000000000000000000000000000000000dEaD'

function connect(port: number) {
  return createTestClient({ account, mode: 'anvil', chain: foundry, transport: http(`http://127.0.0.1:${port}`), pollingInterval: 100 })
    .extend(publicActions)
    .extend(walletActions)
}

before(async () => {
  const probe = createServer().listen(0)
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  chain = spawn(`${import.meta.dirname}/../../node_modules/.bin/anvil`, ['--port', String(port), '--no-mining', '--silent'], {
    stdio: 'ignore',
  })
  client = connect(port)
  while (!(await client.getChainId().catch(() => null))) await sleep(50)
})
after(() => chain.kill())

function memory() {
  const kept = new Map<string, string>()
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) }
}

async function send(fee: bigint, nonce: number, to: `0x${string}` = other, value = parseEther('1'), data?: `0x${string}`) {
  return client.sendTransaction({
    to,
    value,
    nonce,
    gas: 100_000n,
    maxFeePerGas: parseGwei(String(fee)),
    maxPriorityFeePerGas: parseGwei('1'),
    ...(data && { data }),
  })
}
const sent = (hash: Hash): Tx => ({ hash, label: 'Send', sentAt: new Date(0).toISOString(), from: account.address, status: 'pending' })
const nonceNow = () => client.getTransactionCount({ address: account.address })

async function settled(store: ReturnType<typeof createTxStore>) {
  for (let look = 0; look < 200; look++) {
    const tx = store.list()[0]
    if (tx && tx.status !== 'pending') return tx
    await sleep(50)
  }
  throw new Error('The transaction was never decided.')
}

test('a mined transaction is mined, with its block', async () => {
  const store = createTxStore(client, memory(), 'k', 50)
  const hash = await send(30n, await nonceNow())
  store.track(sent(hash))
  await client.mine({ blocks: 1 })
  expect(await settled(store)).to.include({ status: 'mined', hash })
})

test('a reverted transaction failed', async () => {
  const store = createTxStore(client, memory(), 'k', 50)
  // Init code that reverts: PUSH0 PUSH0 REVERT.
  const hash = await client.sendTransaction({ data: '0x5f5ffd', nonce: await nonceNow(), gas: 100_000n } as never)
  store.track(sent(hash))
  await client.mine({ blocks: 1 })
  expect(await settled(store)).to.include({ status: 'failed' })
})

test('a transaction that was sped up is ours under its new hash', async () => {
  const store = createTxStore(client, memory(), 'k', 50)
  const nonce = await nonceNow()
  const first = await send(30n, nonce)
  store.track(sent(first))
  await sleep(300)
  const second = await send(90n, nonce)
  await client.mine({ blocks: 1 })
  expect(await settled(store)).to.include({ status: 'mined', hash: second, replaced: first })
})

test('a transaction that was cancelled in the wallet is not called done', async () => {
  const store = createTxStore(client, memory(), 'k', 50)
  const nonce = await nonceNow()
  store.track(sent(await send(30n, nonce)))
  await sleep(300)
  await send(90n, nonce, account.address, 0n)
  await client.mine({ blocks: 1 })
  expect(await settled(store)).to.include({ status: 'cancelled' })
})

test('a transaction that was replaced while no page was open is found out by its nonce', async () => {
  const storage = memory()
  const nonce = await nonceNow()
  const hash = await send(30n, nonce)
  storage.setItem('k', JSON.stringify([{ ...sent(hash), nonce, to: other, input: '0x' }]))
  await send(90n, nonce, '0x000000000000000000000000000000000000bEEF')
  await client.mine({ blocks: 1 })
  const store = createTxStore(client, storage, 'k', 50)
  store.resume()
  expect(await settled(store)).to.include({ status: 'superseded' })
})

test('a transaction that was mined while no page was open is found after a reload', async () => {
  const storage = memory()
  storage.setItem('k', JSON.stringify([sent(await send(30n, await nonceNow()))]))
  await client.mine({ blocks: 1 })
  const store = createTxStore(client, storage, 'k', 50)
  store.resume()
  expect(await settled(store)).to.include({ status: 'mined' })
})
