import type Stripe from 'stripe'
import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { Log } from '../../common/node/log.ts'
import type { KycProviders } from '../kyc/provider.ts'
import { announce, type Job } from '../outbox/job.ts'
import { checkKyc, listDueChecks } from './check-kyc.ts'
import { listUnprocessed } from './inbox.ts'

export interface WebhookDeps {
  pool: Pool
  kyc: KycProviders
  clock: () => Date
  log: Log
}

/** The worker's part of webhooks: an event only says where to look; what is true there is read from the vendor. */
export function webhookJobs(deps: WebhookDeps): Job[] {
  return [
    {
      topic: 'webhook.received',
      handle: ({ provider = '', eventId = '' }) => processEvent(deps, provider, eventId),
      listOpen: async () => (await listUnprocessed(deps.pool, deps.clock())).map((event) => ({ ...event })),
    },
    {
      topic: 'kyc.check',
      handle: ({ kycCheckId = '' }) => checkKyc(deps, kycCheckId),
      listOpen: async () => (await listDueChecks(deps.pool, deps.clock())).map((kycCheckId) => ({ kycCheckId })),
    },
  ]
}

const RETRY_MS = 30_000

/** Turns an event into a note that something is due to be read again. Once. */
export async function processEvent(deps: WebhookDeps, provider: string, eventId: string): Promise<void> {
  const now = deps.clock()
  await inTransaction(deps.pool, async (db) => {
    const { rows } = await db.query<{ body: Buffer }>(
      `select body from app.webhook_inbox where provider = $1 and event_id = $2 and processed_at is null for update skip locked`,
      [provider, eventId],
    )
    const event = rows[0]
    if (!event) return
    const note = await noteEvent(db, deps.kyc, provider, JSON.parse(event.body.toString()), now)
    await db.query(
      `update app.webhook_inbox set processed_at = $3, attempts = attempts + 1, last_error = $4 where provider = $1 and event_id = $2`,
      [provider, eventId, now, note],
    )
  }).catch(async (error: Error) => {
    await deps.pool.query(
      `update app.webhook_inbox set attempts = attempts + 1, last_error = $3, retry_at = $4 where provider = $1 and event_id = $2`,
      [provider, eventId, error.message, new Date(now.getTime() + RETRY_MS)],
    )
    throw error
  })
}

/** Returns why nothing follows from an event, or null when something does. */
async function noteEvent(db: Db, kyc: KycProviders, provider: string, event: unknown, now: Date): Promise<string | null> {
  if (provider === 'stripe') return notePayment(db, referencesOf((event as Stripe.Event).data.object as unknown as StripeObject), now)
  const checkRef = kyc.all.find(({ name }) => name === provider)?.checkRefOf(event) ?? null
  return checkRef === null ? 'not about a check' : noteCheck(db, provider, checkRef, now)
}

async function noteCheck(db: Db, provider: string, checkRef: string, now: Date): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `update app.kyc_check set due_at = $3 where provider = $1 and check_ref = $2 and state in ('started', 'in_review') returning id`,
    [provider, checkRef, now],
  )
  if (!rows[0]) return 'not a check of ours that waits'
  await announce(db, 'kyc.check', { kycCheckId: rows[0].id })
  return null
}

interface StripeObject {
  id: string
  object: string
  payment_intent?: string | { id: string } | null
  metadata?: Record<string, string> | null
}

/** By what a payment could be found: its session, its payment intent, or the order in the metadata, whichever event comes first. */
function referencesOf({ id, object, payment_intent, metadata }: StripeObject) {
  const intent = typeof payment_intent === 'string' ? payment_intent : (payment_intent?.id ?? null)
  return {
    sessionRef: object === 'checkout.session' ? id : null,
    paymentRef: object === 'payment_intent' ? id : intent,
    investmentId: metadata?.investmentId ?? null,
  }
}

async function notePayment(
  db: Db,
  { sessionRef, paymentRef, investmentId }: ReturnType<typeof referencesOf>,
  now: Date,
): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `update app.payment set due_at = $4
     where provider = 'stripe' and (session_ref = $1 or payment_ref = $2 or investment_id::text = $3)
     returning id`,
    [sessionRef, paymentRef, investmentId, now],
  )
  for (const { id } of rows) await announce(db, 'payment.check', { paymentId: id })
  return rows.length > 0 ? null : 'not a payment of ours'
}
