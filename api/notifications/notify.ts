import { formatMinor } from '../../common/money.ts'
import type { Db } from '../../common/node/db.ts'

export type NotificationKind = 'investment_settled' | 'investment_refunded' | 'investment_expired' | 'payment_failed' | 'debit_failed'

interface Facts {
  accountId: string
  projectName: string
  units: string
  amountCents: string
  currency: string
  wallet: string
}

const TEXTS: Record<NotificationKind, (facts: Facts) => { subject: string; body: string }> = {
  investment_settled: (facts) => ({
    subject: `Your ${facts.units} units of ${facts.projectName} are in your wallet`,
    body: `Your investment of ${money(facts)} is settled: ${facts.units} units of ${facts.projectName} are in your wallet ${facts.wallet}.`,
  }),
  investment_refunded: (facts) => ({
    subject: `We sent back your payment for ${facts.projectName}`,
    body: `Your payment of ${money(facts)} for ${facts.projectName} was refunded. No units were issued for it.`,
  }),
  investment_expired: (facts) => ({
    subject: `Your reservation for ${facts.projectName} has ended`,
    body: `We did not receive ${money(facts)} in time, so the ${facts.units} units of ${facts.projectName} are free again. You were not charged.`,
  }),
  debit_failed: (facts) => ({
    subject: `Your bank did not pay for ${facts.projectName}`,
    body: `Your bank refused the debit of ${money(facts)} for ${facts.projectName}, so the ${facts.units} units are free again. You can order anew and pay in another way.`,
  }),
  payment_failed: (facts) => ({
    subject: `Your payment for ${facts.projectName} did not go through`,
    body: `Your bank declined ${money(facts)} for ${facts.projectName}. You can try again from your portfolio while the units are reserved.`,
  }),
}

/** Writes a message about an investment, once per kind and investment, and rings for it to be sent. The caller opens the transaction. */
export async function notify(
  db: Db,
  { kind, investmentId, now }: { kind: NotificationKind; investmentId: string; now: Date },
): Promise<void> {
  const { rows } = await db.query<Facts>(
    `select i.account_id as "accountId", p.name as "projectName", i.units, i.amount_cents as "amountCents", i.currency, i.wallet
     from app.investment i
     join app.project p using (project_id)
     where i.id = $1`,
    [investmentId],
  )
  const facts = rows[0]
  if (!facts) return
  const { subject, body } = TEXTS[kind](facts)
  await db.query(
    `with message as (
       insert into app.notification (account_id, kind, subject, body, cause, created_at)
       values ($1, $2, $3, $4, $5, $6)
       on conflict (cause) do nothing
       returning id
     )
     insert into app.outbox (topic, payload) select 'notification', jsonb_build_object('notificationId', id) from message`,
    [facts.accountId, kind, subject, body, `${kind}:${investmentId}`, now],
  )
}

function money({ amountCents, currency }: Facts): string {
  return `${formatMinor(BigInt(amountCents), 2)} ${currency}`
}
