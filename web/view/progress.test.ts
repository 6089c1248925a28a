import { test } from 'node:test'
import { expect } from 'chai'
import type { Investment } from '../../common/wire.ts'
import { canPayByWire, investmentSentence, investmentSteps, isMoving, orderChoices } from './progress.ts'

const states = (investment: Pick<Investment, 'progress' | 'state'> & { cancelUntil?: string }) =>
  investmentSteps({ cancelUntil: null, ...investment }, new Date('2026-11-20T12:00:00Z')).map((step) => step.state)

test('before the payment nothing is done and nothing is under way', () => {
  expect(states({ progress: 'awaiting_payment', state: 'awaiting_payment' })).to.deep.equal(['todo', 'todo', 'todo', 'todo', 'todo'])
})

test('each step turns done only once it was seen, and the next one is under way', () => {
  expect(states({ progress: 'paid', state: 'paid' })).to.deep.equal(['done', 'now', 'todo', 'todo', 'todo'])
  expect(states({ progress: 'minting', state: 'minting' })).to.deep.equal(['done', 'now', 'todo', 'todo', 'todo'])
  expect(states({ progress: 'minted', state: 'minting' })).to.deep.equal(['done', 'done', 'done', 'now', 'todo'])
  expect(states({ progress: 'indexed', state: 'minting' })).to.deep.equal(['done', 'done', 'done', 'done', 'now'])
  expect(states({ progress: 'final', state: 'settled' })).to.deep.equal(['done', 'done', 'done', 'done', 'done'])
})

test('a declined card fails the payment step and says that nothing was charged', () => {
  expect(states({ progress: 'stopped', state: 'payment_failed' })[0]).to.equal('failed')
  expect(investmentSentence({ progress: 'stopped', state: 'payment_failed', cancelUntil: null }, new Date())).to.match(
    /declined.*Nothing was charged/,
  )
})

test('a page stops asking when nothing can change any more', () => {
  expect(isMoving({ progress: 'final', state: 'settled' })).to.equal(false)
  expect(isMoving({ progress: 'stopped', state: 'cancelled' })).to.equal(false)
  expect(isMoving({ progress: 'stopped', state: 'payment_failed' })).to.equal(true)
})

test('paying is offered only while the units are reserved; cancelling until the money is there', () => {
  const now = new Date('2026-11-20T12:00:00Z')
  const order = { checkoutUrl: 'https://pay', reservedUntil: '2026-11-20T12:30:00Z', cancelUntil: null }
  expect(orderChoices({ ...order, state: 'awaiting_payment' }, now)).to.deep.equal({ pay: true, cancel: true })
  expect(orderChoices({ ...order, state: 'payment_failed' }, now)).to.deep.equal({ pay: true, cancel: true })
  expect(orderChoices({ ...order, state: 'awaiting_payment' }, new Date('2026-11-20T12:31:00Z'))).to.deep.equal({
    pay: false,
    cancel: true,
  })
  expect(orderChoices({ ...order, state: 'paid' }, now)).to.deep.equal({ pay: false, cancel: false })
})

test('a paid order can be taken back to the last second the law gives, and the sentence says what becomes of the money', () => {
  const order = { checkoutUrl: null, reservedUntil: '2026-11-20T12:30:00Z', cancelUntil: '2026-11-25T00:00:00Z', state: 'paid' } as const
  const [last, over] = [new Date('2026-11-24T23:59:59Z'), new Date('2026-11-25T00:00:00Z')]
  expect(orderChoices(order, last)).to.deep.equal({ pay: false, cancel: true })
  expect(orderChoices(order, over)).to.deep.equal({ pay: false, cancel: false })
  expect(states({ ...order, progress: 'paid' })).to.deep.equal(['done', 'todo', 'todo', 'todo', 'todo'])
  expect(investmentSentence({ ...order, progress: 'paid' }, last)).to.match(/minted once the time .* is over/)
  expect(investmentSentence({ ...order, progress: 'paid' }, over)).to.match(/about to be minted/)
  expect(investmentSentence({ ...order, state: 'cancelled', progress: 'stopped' }, over)).to.match(/sending your money back/)
})

test('a debit that the bank has not answered yet can be taken back but not paid again', () => {
  const order = { state: 'awaiting_payment', checkoutUrl: null, reservedUntil: '2026-11-21T12:00:00Z', cancelUntil: null } as const
  const now = new Date('2026-11-20T12:00:00Z')
  expect(orderChoices(order, now)).to.deep.equal({ pay: false, cancel: true })
  expect(investmentSentence({ ...order, progress: 'processing' }, now)).to.match(/up to four working days; your units stay reserved/)
  expect(investmentSteps({ ...order, progress: 'processing' }, now)[0]!.state).to.equal('now')
})

test('a bank transfer is offered for an order that waits, in currencies with an account', () => {
  const order = { state: 'awaiting_payment', progress: 'awaiting_payment', currency: 'USD', reservedUntil: '2026-11-20T12:30:00Z' } as const
  const now = new Date('2026-11-20T12:00:00Z')
  expect(canPayByWire(order, ['USD'], now)).to.equal(true)
  expect(canPayByWire(order, ['EUR'], now)).to.equal(false)
  expect(canPayByWire({ ...order, progress: 'processing' }, ['USD'], now)).to.equal(false)
  expect(canPayByWire({ ...order, state: 'paid', progress: 'paid' }, ['USD'], now)).to.equal(false)
  expect(canPayByWire(order, ['USD'], new Date('2026-11-20T12:30:00Z'))).to.equal(false)
})
