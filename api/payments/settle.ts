import type Stripe from 'stripe'
import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { Log } from '../../common/node/log.ts'
import type { InvestmentState } from '../../common/wire.ts'
import { bookPayment } from '../ledger/book-payment.ts'
import { notify } from '../notifications/notify.ts'
import { announce } from '../outbox/job.ts'
import { openCases } from '../review/open-cases.ts'
import { storeEntries } from './provider-entries.ts'
import { type Reading, readAccount } from './read-account.ts'
import { type Held, nextState, readTruth, type Truth } from './verdict.ts'

export interface PaymentDeps {
  pool: Pool
  stripe: Stripe
  /** Whether the platform runs on live money. */
  isLive: boolean
  clock: () => Date
  log: Log
}

interface PaymentRow {
  id: string
  investmentId: string
  sessionRef: string
  dueAt: Date | null
  createdAt: Date
}

export interface InvestmentRow {
  state: InvestmentState
  projectId: number
  units: string
  amountCents: string
  currency: string
  reservedUntil: Date
  reviewReason: string | null
  /** Chosen by the payer: a payment page that closes ends nothing then. */
  paysByWire: boolean
  accountId: string
  sent: Held['units']
}

/** An open payment is read again this often even when no webhook comes. */
const RECHECK_MS = 60_000
/** A bank's answer takes days. */
const PROCESSING_RECHECK_MS = 3_600_000
/** While it is on its way the units stay reserved; renewed with every reading. */
const PROCESSING_RESERVED_MS = 24 * 3_600_000
/** A payment that was made is still read daily for a week: a refund or a dispute whose webhook was lost. */
const LATE_RECHECK_MS = 24 * 3_600_000
const LATE_RECHECKS_END_MS = 7 * LATE_RECHECK_MS

/** Payments that are due to be read at the provider. */
export async function listDuePayments(db: Db, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select id from app.payment where due_at <= $1 order by due_at limit 100', [now])
  return rows.map(({ id }) => id)
}

/**
 * Reads a payment at the provider and moves its investment by what is true there now. Safe to repeat: the same truth leads nowhere twice.
 * @throws when the provider cannot be read; the payment stays due
 */
export async function checkPayment(deps: PaymentDeps, paymentId: string): Promise<void> {
  const { pool, stripe, clock, log } = deps
  const { rows } = await pool.query<PaymentRow>(
    `select id, investment_id as "investmentId", session_ref as "sessionRef", due_at as "dueAt", created_at as "createdAt"
     from app.payment where id = $1 and provider = 'stripe'`,
    [paymentId],
  )
  const payment = rows[0]
  if (!payment) return
  const account = await readAccount(stripe, payment.sessionRef)
  await inTransaction(pool, async (db) => {
    const investment = await lockInvestment(db, payment.investmentId)
    const now = clock()
    const truth = readTruth(
      {
        investmentId: payment.investmentId,
        amountCents: BigInt(investment.amountCents),
        currency: investment.currency,
        isLive: deps.isLive,
      },
      account,
    )
    const isForDispute = investment.reviewReason === DISPUTED
    const isAwaitedElsewhere = truth.kind === 'closed' && investment.paysByWire && investment.reservedUntil > now
    const target = isAwaitedElsewhere
      ? null
      : nextState(investment.state, truth, await hasRoom(db, investment, now), { isForDispute, units: investment.sent })
    if (target) {
      await moveInvestment(db, payment.investmentId, investment.state, target, truth, now)
      log.info(
        { investmentId: payment.investmentId, from: investment.state, to: target, truth: truth.kind },
        'A payment moved an investment',
      )
      if (target === 'review') log.error({ investmentId: payment.investmentId, ...truth }, 'A payment needs somebody to look at it')
    }
    if (truth.kind === 'processing') await keepReserved(db, payment.investmentId, investment, now)
    if (truth.kind === 'disputed' && investment.sent !== 'none') await askWhetherToHold(db, payment, investment, account, now)
    await db.query(
      `update app.payment
       set state = $2, payment_ref = coalesce($3, payment_ref), failure_code = $4, updated_at = $5,
         received_minor = $8, received_currency = $9, returned_minor = least($10::bigint, $8), disputed_minor = $11, lost_minor = $12, dispute_state = $13,
         due_at = case when due_at is not distinct from $6 then $7 else due_at end
       where id = $1`,
      [
        payment.id,
        PAYMENT_STATE[truth.kind],
        account.paymentRef,
        truth.kind === 'declined' || truth.kind === 'failed' ? truth.failureCode : null,
        now,
        // A webhook that came while we read the provider has set a new date: that one stays.
        payment.dueAt,
        nextCheck(truth, payment.createdAt, now),
        ...moneyOf(account, deps.isLive),
      ],
    )
    if (isReal(account, deps.isLive)) await storeEntries(db, 'stripe', payment.id, account.entries)
    await bookPayment(db, payment.id, now)
  })
}

/** The reason of a review that ends by itself when the bank has decided. */
const DISPUTED = 'DISPUTED: the payer disputes the charge'

const PAYMENT_STATE: Record<Truth['kind'], string> = {
  open: 'open',
  processing: 'processing',
  closed: 'cancelled',
  failed: 'cancelled',
  declined: 'failed',
  paid: 'succeeded',
  refunded: 'refunded',
  refund_failed: 'succeeded',
  disputed: 'succeeded',
  dispute_lost: 'refunded',
  mismatch: 'succeeded',
}

function nextCheck({ kind }: Truth, createdAt: Date, now: Date): Date | null {
  if (kind === 'open' || kind === 'declined') return new Date(now.getTime() + RECHECK_MS)
  if (kind === 'processing') return new Date(now.getTime() + PROCESSING_RECHECK_MS)
  // The bank decides within months.
  if (kind === 'disputed') return new Date(now.getTime() + LATE_RECHECK_MS)
  const isYoung = now.getTime() - createdAt.getTime() < LATE_RECHECKS_END_MS
  return (kind === 'paid' || kind === 'refunded') && isYoung ? new Date(now.getTime() + LATE_RECHECK_MS) : null
}

/** Money for testing is none. */
function isReal({ intent }: Reading, isLive: boolean): boolean {
  return intent?.status === 'succeeded' && intent.isLive === isLive
}

/** What was received and in which currency, what went back, what is disputed, what is lost: whatever the order asked for, this is there. */
function moneyOf(account: Reading, isLive: boolean): unknown[] {
  const { intent } = account
  if (intent === null || !isReal(account, isLive)) return [0n, null, 0n, 0n, 0n, null]
  const { amountReceivedCents, currency, refundedCents, disputedCents, lostCents, dispute } = intent
  return [amountReceivedCents, currency.toUpperCase(), refundedCents, disputedCents, lostCents, dispute]
}

/** Units whose reservation is over already are kept only when nobody else took them. */
async function keepReserved(db: Db, id: string, investment: InvestmentRow, now: Date): Promise<void> {
  if (!(await hasRoom(db, investment, now))) return
  await db.query(
    `update app.investment set reserved_until = $2, updated_at = $3
     where id = $1 and state in ('awaiting_payment', 'payment_failed') and reserved_until < $2`,
    [id, new Date(now.getTime() + PROCESSING_RESERVED_MS), now],
  )
}

/** Units are in a wallet and the money for them is disputed: two people decide whether the account is held meanwhile. */
async function askWhetherToHold(db: Db, payment: PaymentRow, { accountId }: InvestmentRow, { intent }: Reading, now: Date): Promise<void> {
  const evidence = {
    investmentId: payment.investmentId,
    paymentId: payment.id,
    disputeRef: intent?.disputeRef,
    disputedMinor: String(intent?.disputedCents),
  }
  const reason = 'The payer disputes a charge whose units were sent already'
  await openCases(db, [{ kind: 'dispute', accountId, subject: `dispute ${intent?.disputeRef}`, reason, evidence }], now)
}

/** The project's lock comes first, as when units are reserved: counting and taking must not be interleaved. */
export async function lockInvestment(db: Db, id: string): Promise<InvestmentRow> {
  await db.query(`select pg_advisory_xact_lock(hashtextextended('project ' || project_id, 0)) from app.investment where id = $1`, [id])
  const { rows } = await db.query<InvestmentRow>(
    `select state, project_id as "projectId", units, amount_cents as "amountCents", currency, reserved_until as "reservedUntil",
       review_reason as "reviewReason", wire_reference is not null as "paysByWire", account_id as "accountId",
       case
         when not app.has_units(id) then 'none'
         when exists (select from app.chain_intent c where c.investment_id = i.id and c.state = 'final') then 'settled'
         else 'minting'
       end as sent
     from app.investment i
     where id = $1
     for update`,
    [id],
  )
  return rows[0]!
}

/** Paid in time but heard of late: the units count as kept when nobody else took them meanwhile. */
export async function hasRoom(db: Db, investment: InvestmentRow, now: Date): Promise<boolean> {
  if (investment.reservedUntil > now) return true
  const { rows } = await db.query<{ hasRoom: boolean }>(
    `select app.units_taken(project_id, $2) + $3 <= units_offered as "hasRoom" from app.project where project_id = $1`,
    [investment.projectId, now, investment.units],
  )
  return rows[0]!.hasRoom
}

export async function moveInvestment(
  db: Db,
  id: string,
  from: InvestmentState,
  to: InvestmentState,
  truth: Truth,
  now: Date,
): Promise<void> {
  const set = (state: InvestmentState, reason: string | null = null) =>
    db.query('update app.investment set state = $2, review_reason = $3, updated_at = $4 where id = $1', [id, state, reason, now])
  if (to === 'refunded' && from !== 'refund_due') await set('refund_due')
  await set(to, to === 'review' ? reasonOf(truth) : null)
  // What the dispute had called back goes on.
  if (from === 'review' && to === 'paid') {
    await db.query(
      `update app.chain_intent set state = 'created', updated_at = $2 where investment_id = $1 and state = 'cancelled' and nonce is null`,
      [id, now],
    )
  }
  if (to === 'paid') await announce(db, 'investment.paid', { investmentId: id })
  if (to === 'refund_due') await announce(db, 'refund.due', { investmentId: id })
  if (to === 'payment_failed') await notify(db, { kind: 'payment_failed', investmentId: id, now })
  if (to === 'refunded') await notify(db, { kind: 'investment_refunded', investmentId: id, now })
  if (to === 'expired') await notify(db, { kind: truth.kind === 'failed' ? 'debit_failed' : 'investment_expired', investmentId: id, now })
  // What was queued to be minted and has no nonce yet is not minted any more; what has one is left to land.
  if (from === 'paid') {
    await db.query(`update app.chain_intent set state = 'cancelled', updated_at = $2 where investment_id = $1 and state = 'created'`, [
      id,
      now,
    ])
  }
}

function reasonOf(truth: Truth): string {
  switch (truth.kind) {
    case 'mismatch':
      return truth.reason
    case 'disputed':
      return DISPUTED
    case 'refund_failed':
      return 'REFUND_FAILED: the payer’s bank did not take the refund'
    default:
      return 'REFUNDED: the money went back after units were on their way'
  }
}
