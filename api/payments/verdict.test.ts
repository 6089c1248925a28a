import { test } from 'node:test'
import { expect } from 'chai'
import fc from 'fast-check'
import type { InvestmentState } from '../../common/wire.ts'
import { type Account, nextState, readTruth, type Truth } from './verdict.ts'

const ORDER = { investmentId: 'inv-1', amountCents: 10_000n, currency: 'USD', isLive: false }

function account(session: Partial<Account['session']> = {}, intent: Partial<NonNullable<Account['intent']>> | null = {}): Account {
  return {
    session: {
      status: 'complete',
      paymentStatus: 'paid',
      orderRef: 'inv-1',
      amountCents: 10_000n,
      currency: 'usd',
      isLive: false,
      ...session,
    },
    intent: intent && {
      status: 'succeeded',
      orderRef: 'inv-1',
      amountReceivedCents: 10_000n,
      currency: 'usd',
      isLive: false,
      failureCode: null,
      refundedCents: 0n,
      isDisputed: false,
      ...intent,
    },
  }
}

function truth(session: Partial<Account['session']>, intent: Partial<NonNullable<Account['intent']>> | null = {}): string {
  const read = readTruth(ORDER, account(session, intent))
  return read.kind === 'mismatch' ? read.reason.split(':')[0]! : read.kind
}

test('a payment that fits its order to the cent is paid', () => {
  expect(truth({})).to.equal('paid')
})

test('one cent less, one cent more, another currency or part of the amount is a mismatch, never a payment', () => {
  expect(truth({}, { amountReceivedCents: 9_999n })).to.equal('AMOUNT_MISMATCH')
  expect(truth({}, { amountReceivedCents: 10_001n })).to.equal('AMOUNT_MISMATCH')
  expect(truth({ amountCents: 9_999n })).to.equal('AMOUNT_MISMATCH')
  expect(truth({ amountCents: null })).to.equal('AMOUNT_MISMATCH')
  expect(truth({ currency: 'eur' })).to.equal('CURRENCY_MISMATCH')
  expect(truth({}, { currency: 'jpy' })).to.equal('CURRENCY_MISMATCH')
})

test('a payment that names another order, or belongs to the other mode, is a mismatch', () => {
  expect(truth({ orderRef: 'inv-2' })).to.equal('ORDER_MISMATCH')
  expect(truth({}, { orderRef: 'inv-2' })).to.equal('ORDER_MISMATCH')
  expect(truth({}, { orderRef: null })).to.equal('ORDER_MISMATCH')
  expect(truth({ isLive: true })).to.equal('WRONG_MODE')
})

test('a completed session whose money is still on the way waits', () => {
  expect(truth({ paymentStatus: 'unpaid' }, { status: 'processing' })).to.equal('open')
  expect(truth({ paymentStatus: 'unpaid' })).to.equal('open')
})

test('a declined card, a closed checkout, a refund and a dispute are told apart', () => {
  expect(truth({ status: 'open', paymentStatus: 'unpaid' }, null)).to.equal('open')
  expect(truth({ status: 'open', paymentStatus: 'unpaid' }, { status: 'requires_payment_method', failureCode: 'card_declined' })).to.equal(
    'declined',
  )
  expect(truth({ status: 'expired', paymentStatus: 'unpaid' }, { status: 'requires_payment_method', failureCode: 'x' })).to.equal('closed')
  expect(truth({}, { refundedCents: 10_000n })).to.equal('refunded')
  expect(truth({}, { refundedCents: 1n })).to.equal('REFUNDED_IN_PART')
  expect(truth({}, { isDisputed: true })).to.equal('DISPUTED')
})

const paid: Truth = { kind: 'paid' }
const refunded: Truth = { kind: 'refunded' }

test('money for an order that was dropped, or whose units are gone, goes back', () => {
  expect(nextState('cancelled', paid, true)).to.equal('refund_due')
  expect(nextState('expired', paid, true)).to.equal('refund_due')
  expect(nextState('awaiting_payment', paid, false)).to.equal('refund_due')
  expect(nextState('awaiting_payment', paid, true)).to.equal('paid')
})

test('money that went back before units were on their way is back; afterwards a person decides', () => {
  expect(nextState('paid', refunded, true)).to.equal('refunded')
  expect(nextState('minting', refunded, true)).to.equal('review')
  expect(nextState('settled', refunded, true)).to.equal('review')
  expect(nextState('refunded', refunded, true)).to.equal(null)
})

test('whatever comes, in whatever order and however often, a paid investment never goes back to waiting', () => {
  const states: InvestmentState[] = ['paid', 'minting', 'settled', 'refund_due', 'refunded', 'review']
  const unpaid = ['awaiting_payment', 'payment_failed', 'cancelled', 'expired']
  const truths = fc.constantFrom<Truth>({ kind: 'open' }, { kind: 'closed' }, { kind: 'declined', failureCode: 'x' }, paid, refunded, {
    kind: 'mismatch',
    reason: 'x',
  })
  fc.assert(
    fc.property(fc.constantFrom(...states), fc.array(fc.tuple(truths, fc.boolean()), { maxLength: 20 }), (start, events) => {
      let state = start
      for (const [event, hasRoom] of events) state = nextState(state, event, hasRoom) ?? state
      expect(unpaid).not.to.include(state)
    }),
    { numRuns: 2_000 },
  )
})

test('the same truth twice leads nowhere the second time', () => {
  const states: InvestmentState[] = [
    'awaiting_payment',
    'payment_failed',
    'expired',
    'cancelled',
    'paid',
    'minting',
    'settled',
    'refund_due',
    'refunded',
    'review',
  ]
  for (const state of states) {
    for (const event of [
      paid,
      refunded,
      { kind: 'closed' },
      { kind: 'declined', failureCode: 'x' },
      { kind: 'mismatch', reason: 'x' },
    ] as Truth[]) {
      const next = nextState(state, event, true)
      if (next && next !== 'refund_due') expect(nextState(next, event, true), `${state} ${event.kind}`).to.equal(null)
    }
  }
})
