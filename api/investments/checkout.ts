import type Stripe from 'stripe'
import { AppError } from '../../common/errors.ts'
import { asViewer, type Pool } from '../../common/node/db.ts'

export interface CheckoutDeps {
  pool: Pool
  stripe: Stripe
  clock: () => Date
  settings: { publicUrl: URL }
}

interface OrderRow {
  projectName: string
  units: string
  amountCents: string
  currency: string
  createdAt: Date
  email: string | null
  hasCheckout: boolean
  isOpen: boolean
}

/** What may be paid with, by currency. Debits of bank accounts in the United States (ACH) are in dollars only. */
const METHODS: Record<string, ('card' | 'us_bank_account')[]> = { USD: ['card', 'us_bank_account'] }
/** The vendor's checkout outlives the reservation, so that a retry within it names the same end; the worker closes it on time. */
const CHECKOUT_MS = 60 * 60_000
const FIRST_CHECK_MS = 60_000

/**
 * Opens the vendor's checkout for an order, unless it has one or no longer waits for payment. The investment's id is the vendor's
 * idempotency key and every parameter comes from the stored order, so however often this is begun there is one checkout.
 * @throws AppError PAYMENT_UNAVAILABLE; the reservation stays, and the same request again goes on from here
 */
export async function ensureCheckout(
  { pool, stripe, clock, settings }: CheckoutDeps,
  accountId: string,
  investmentId: string,
): Promise<void> {
  const order = await asViewer(pool, { accountId }, async (db) => {
    const { rows } = await db.query<OrderRow>(
      `select p.name as "projectName", i.units, i.amount_cents as "amountCents", i.currency, i.created_at as "createdAt", a.email,
         exists (select from app.payment y where y.investment_id = i.id) as "hasCheckout",
         i.state = 'awaiting_payment' and i.reserved_until > $2 as "isOpen"
       from app.investment i
       join app.project p using (project_id)
       join app.account a on a.id = i.account_id
       where i.id = $1`,
      [investmentId, clock()],
    )
    return rows[0]!
  })
  if (order.hasCheckout || !order.isOpen) return
  const session = await stripe.checkout.sessions
    .create(
      {
        mode: 'payment',
        allowed_payment_method_types: METHODS[order.currency] ?? ['card'],
        client_reference_id: investmentId,
        line_items: [
          {
            quantity: 1,
            price_data: {
              currency: order.currency.toLowerCase(),
              // At most eight digits, by rule.
              unit_amount: Number(order.amountCents),
              product_data: { name: `${order.units} units of ${order.projectName}` },
            },
          },
        ],
        metadata: { investmentId },
        payment_intent_data: { metadata: { investmentId }, description: `Terra Lumina investment ${investmentId}` },
        success_url: new URL(`/investments/${investmentId}?paid=1`, settings.publicUrl).href,
        cancel_url: new URL(`/investments/${investmentId}`, settings.publicUrl).href,
        expires_at: Math.floor((order.createdAt.getTime() + CHECKOUT_MS) / 1000),
        ...(order.email !== null && { customer_email: order.email }),
      },
      { idempotencyKey: investmentId },
    )
    .catch((cause: { type?: string; statusCode?: number; code?: string }) => {
      throw new AppError(
        'PAYMENT_UNAVAILABLE',
        'The payment provider does not answer right now. Your units stay reserved; send the same request again',
        {
          // Only what is safe in a log.
          cause: new Error(`Stripe: ${cause.type ?? 'error'} ${cause.code ?? ''} ${cause.statusCode ?? ''}`),
        },
      )
    })
  const now = clock()
  await pool.query(
    `insert into app.payment
       (investment_id, provider, session_ref, payment_ref, checkout_url, amount_cents, currency, state, due_at, created_at, updated_at)
     values ($1, 'stripe', $2, $3, $4, $5, $6, 'open', $7, $8, $8)
     on conflict (provider, session_ref) do nothing`,
    [
      investmentId,
      session.id,
      typeof session.payment_intent === 'string' ? session.payment_intent : (session.payment_intent?.id ?? null),
      session.url,
      order.amountCents,
      order.currency,
      new Date(now.getTime() + FIRST_CHECK_MS),
      now,
    ],
  )
}
