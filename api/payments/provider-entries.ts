import type Stripe from 'stripe'
import type { Db } from '../../common/node/db.ts'

/** A movement on the provider's balance: amounts in the smallest unit, positive came. */
export interface ProviderEntry {
  ref: string
  kind: 'payment' | 'refund' | 'refund_failed' | 'dispute' | 'dispute_won'
  /** As the payer sees it. */
  amountMinor: bigint
  currency: string
  /** As it is on the balance, before the fee. */
  settledMinor: bigint
  settledCurrency: string
  feeMinor: bigint
  /** The provider's, where it exchanged. */
  exchangeRate: number | null
  occurredAt: Date
}

/** Everything that a charge, its refunds and its disputes moved. Balance transactions must be expanded; one that isn't there yet comes later. */
export function entriesOf(found: { charge: Stripe.Charge; refunds: Stripe.Refund[]; disputes: Stripe.Dispute[] }): ProviderEntry[] {
  const { charge, refunds, disputes } = found
  return [
    entryOf('payment', charge, charge.amount_captured, charge.balance_transaction),
    ...refunds.flatMap((refund) => [
      entryOf('refund', refund, -refund.amount, refund.balance_transaction),
      entryOf('refund_failed', refund, refund.amount, refund.failure_balance_transaction ?? null),
    ]),
    ...disputes.flatMap((dispute) =>
      dispute.balance_transactions.map((moved) =>
        moved.amount < 0 ? entryOf('dispute', dispute, -dispute.amount, moved) : entryOf('dispute_won', dispute, dispute.amount, moved),
      ),
    ),
  ].filter((entry) => entry !== null)
}

/** Keeps entries, each once by its own name. The caller opens the transaction. */
export async function storeEntries(db: Db, provider: string, paymentId: string, entries: readonly ProviderEntry[]): Promise<void> {
  for (const entry of entries) {
    await db.query(
      `insert into app.provider_entry
         (provider, ref, payment_id, kind, amount_minor, currency, settled_minor, settled_currency, fee_minor, exchange_rate, occurred_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict do nothing`,
      [
        provider,
        entry.ref,
        paymentId,
        entry.kind,
        entry.amountMinor,
        entry.currency,
        entry.settledMinor,
        entry.settledCurrency,
        entry.feeMinor,
        entry.exchangeRate,
        entry.occurredAt,
      ],
    )
  }
}

function entryOf(
  kind: ProviderEntry['kind'],
  { currency }: { currency: string },
  amount: number,
  moved: Stripe.BalanceTransaction | string | null,
): ProviderEntry | null {
  if (moved === null || typeof moved === 'string') return null
  return {
    ref: moved.id,
    kind,
    amountMinor: BigInt(amount),
    currency: currency.toUpperCase(),
    settledMinor: BigInt(moved.amount),
    settledCurrency: moved.currency.toUpperCase(),
    feeMinor: BigInt(moved.fee),
    exchangeRate: moved.exchange_rate,
    occurredAt: new Date(moved.created * 1000),
  }
}
