import { test } from 'node:test'
import { expect } from 'chai'
import { afterReceipt, readTxs, remember, STAGE_WORDS, stageOf, type Tx } from './transactions.ts'

const hash = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as const
const tx: Tx = { hash: hash(1), label: 'Claim', sentAt: '2026-11-20T00:00:00Z', from: `0x${'a'.repeat(40)}`, status: 'pending' }

test('mined, mirrored and final are three different things', () => {
  const mined = { ...tx, status: 'mined', block: '10' } as const
  expect(stageOf(mined, null)).to.equal('mined')
  expect(stageOf(mined, { asOfBlock: '9', finalBlock: '5' })).to.equal('mined')
  expect(stageOf(mined, { asOfBlock: '10', finalBlock: '9' })).to.equal('indexed')
  expect(stageOf(mined, { asOfBlock: '12', finalBlock: '10' })).to.equal('final')
  expect(Object.keys(STAGE_WORDS)).to.have.length(7)
})

test('a cancelled or replaced transaction is never called done, although the receipt says success', () => {
  const seen = { hash: hash(2), block: 10n, succeeded: true }
  expect(afterReceipt(tx, { ...seen, reason: 'cancelled' }).status).to.equal('cancelled')
  expect(afterReceipt(tx, { ...seen, reason: 'replaced' }).status).to.equal('superseded')
})

test('our own call at a higher fee counts, under its new hash', () => {
  expect(afterReceipt(tx, { hash: hash(2), block: 10n, succeeded: true, reason: 'repriced' })).to.include({
    status: 'mined',
    hash: hash(2),
    replaced: hash(1),
    block: '10',
  })
})

test('a reverted transaction failed', () => {
  expect(afterReceipt(tx, { hash: hash(1), block: 10n, succeeded: false, reason: null })).to.include({ status: 'failed', block: '10' })
})

test('only the last ten are remembered, and each once', () => {
  const list = Array.from({ length: 15 }, (_, n) => ({ ...tx, hash: hash(n) })).reduce<Tx[]>(remember, [])
  expect(list).to.have.length(10)
  expect(remember(list, { ...tx, hash: hash(14), status: 'mined' })).to.have.length(10)
})

test('a damaged store is an empty one', () => {
  expect(readTxs(null)).to.deep.equal([])
  expect(readTxs('{')).to.deep.equal([])
  expect(readTxs('[1,{"hash":"0x"}]')).to.deep.equal([])
  expect(readTxs(JSON.stringify([tx]))).to.deep.equal([tx])
})
