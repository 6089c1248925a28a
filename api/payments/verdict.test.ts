import { test } from 'node:test'
import { expect } from 'chai'
import fc from 'fast-check'
import type { InvestmentState } from '../../common/wire.ts'
import { type Account, type Held, nextState, readTruth, type Truth } from './verdict.ts'

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
      hasFailedRefund: false,
      dispute: null,
      disputeRef: null,
      disputedCents: 0n,
      lostCents: 0n,
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
  expect(truth({ paymentStatus: 'unpaid' }, { status: 'processing' })).to.equal('processing')
  expect(truth({ paymentStatus: 'unpaid' }, { status: 'requires_payment_method', failureCode: 'account_closed' })).to.equal('failed')
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
  expect(truth({}, { refundedCents: 0n, hasFailedRefund: true })).to.equal('refund_failed')
  expect(truth({}, { dispute: 'open', disputedCents: 10_000n })).to.equal('disputed')
  expect(truth({}, { dispute: 'won' })).to.equal('paid')
  expect(truth({}, { dispute: 'lost', lostCents: 10_000n })).to.equal('dispute_lost')
  expect(truth({}, { dispute: 'lost', lostCents: 4_000n, refundedCents: 6_000n })).to.equal('dispute_lost')
  expect(truth({}, { dispute: 'lost', lostCents: 4_000n })).to.equal('LOST_IN_PART')
})

test('more that went back than came is never believed', () => {
  expect(readTruth(ORDER, account({}, { refundedCents: 10_001n }))).to.deep.equal({
    kind: 'mismatch',
    reason: 'REFUND_EXCEEDS: 10001 of 10000 cents went back',
  })
  expect(truth({}, { refundedCents: 5_000n, dispute: 'lost', lostCents: 5_001n })).to.equal('REFUND_EXCEEDS')
})

const NOT_HELD: Held = { isForDispute: false, units: 'none' }
const next = (state: InvestmentState, truth: Truth, hasRoom: boolean, held: Held = NOT_HELD) => nextState(state, truth, hasRoom, held)
const paid: Truth = { kind: 'paid' }
const refunded: Truth = { kind: 'refunded' }

test('money for an order that was dropped, or whose units are gone, goes back', () => {
  expect(next('cancelled', paid, true)).to.equal('refund_due')
  expect(next('expired', paid, true)).to.equal('refund_due')
  expect(next('awaiting_payment', paid, false)).to.equal('refund_due')
  expect(next('awaiting_payment', paid, true)).to.equal('paid')
})

test('money that went back before units were on their way is back; afterwards a person decides', () => {
  expect(next('paid', refunded, true)).to.equal('refunded')
  expect(next('minting', refunded, true)).to.equal('review')
  expect(next('settled', refunded, true)).to.equal('review')
  expect(next('refunded', refunded, true)).to.equal(null)
})

test('a dispute stops an investment where it is; the bank’s decision lets it go on from there, or ends it before there are units', () => {
  const [disputed, lost]: Truth[] = [{ kind: 'disputed' }, { kind: 'dispute_lost' }]
  for (const state of ['paid', 'minting', 'settled'] as const) expect(next(state, disputed!, true)).to.equal('review')
  expect(next('refund_due', disputed!, true)).to.equal(null)
  for (const [units, afterWon, afterLost] of [
    ['none', 'paid', 'refunded'],
    ['minting', 'minting', 'minting'],
    ['settled', 'settled', 'settled'],
  ] as const) {
    expect(next('review', paid, true, { isForDispute: true, units })).to.equal(afterWon)
    expect(next('review', lost!, true, { isForDispute: true, units })).to.equal(afterLost)
    // What is looked at for another cause stays there.
    expect(next('review', paid, true, { isForDispute: false, units })).to.equal(null)
    expect(next('review', lost!, true, { isForDispute: false, units })).to.equal(null)
  }
  expect(next('settled', lost!, true, { isForDispute: false, units: 'settled' })).to.equal(null)
  expect(next('refund_due', lost!, true)).to.equal('refunded')
})

test('a refund that the payer’s bank did not take is looked at by a person', () => {
  expect(next('refunded', { kind: 'refund_failed' }, true)).to.equal('review')
  expect(next('refund_due', { kind: 'refund_failed' }, true)).to.equal(null)
})

test('whatever comes, in whatever order and however often, a paid investment never goes back to waiting', () => {
  const states: InvestmentState[] = ['paid', 'minting', 'settled', 'refund_due', 'refunded', 'review']
  const unpaid = ['awaiting_payment', 'payment_failed', 'cancelled', 'expired']
  const truths = fc.constantFrom<Truth>(
    { kind: 'open' },
    { kind: 'closed' },
    { kind: 'declined', failureCode: 'x' },
    paid,
    refunded,
    { kind: 'refund_failed' },
    { kind: 'disputed' },
    { kind: 'dispute_lost' },
    { kind: 'mismatch', reason: 'x' },
  )
  const held = fc.record({ isForDispute: fc.boolean(), units: fc.constantFrom<Held['units']>('none', 'minting', 'settled') })
  fc.assert(
    fc.property(fc.constantFrom(...states), fc.array(fc.tuple(truths, fc.boolean(), held), { maxLength: 20 }), (start, events) => {
      let state = start
      for (const [event, hasRoom, where] of events) state = next(state, event, hasRoom, where) ?? state
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
      { kind: 'disputed' },
      { kind: 'dispute_lost' },
      { kind: 'mismatch', reason: 'x' },
    ] as Truth[]) {
      const then = next(state, event, true)
      if (then && then !== 'refund_due') expect(next(then, event, true), `${state} ${event.kind}`).to.equal(null)
    }
  }
})
