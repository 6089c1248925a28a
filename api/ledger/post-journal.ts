import type { Db } from '../../common/node/db.ts'

export type LedgerKind =
  | 'provider'
  | 'disputes'
  | 'conversion'
  | 'vendor_fees'
  | 'escrow'
  | 'investor'
  | 'issuer'
  | 'fees'
  | 'payouts'
  | 'suspense'

/** What a journal does to one account. Positive is a debit, in the currency's smallest unit. */
export interface Movement {
  kind: LedgerKind
  owner: string
  currency: string
  amountMinor: bigint
}

export interface Journal {
  kind: string
  causeType: string
  causeId: string
  postedAt: Date
}

/**
 * Appends a journal and opens the accounts it needs. The database refuses one that doesn't sum to zero, at the end of the transaction.
 * The caller opens it and keeps other journals of the same cause away.
 */
export async function postJournal(db: Db, { kind, causeType, causeId, postedAt }: Journal, movements: readonly Movement[]): Promise<void> {
  const columns = [movements.map((m) => m.kind), movements.map((m) => m.owner), movements.map((m) => m.currency)]
  await db.query(
    `insert into app.ledger_account (kind, owner, currency) select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing`,
    columns,
  )
  await db.query(
    `with posted as (
       insert into app.journal (kind, cause_type, cause_id, cause_number, posted_at)
       select $4, $5, $6, coalesce(max(cause_number), 0) + 1, $7 from app.journal where cause_type = $5 and cause_id = $6
       returning id
     )
     insert into app.ledger_entry (journal_id, ledger_account_id, amount_minor)
     select posted.id, a.id, m.amount_minor
     from posted, unnest($1::text[], $2::text[], $3::text[], $8::bigint[]) m (kind, owner, currency, amount_minor)
     join app.ledger_account a on a.kind = m.kind and a.owner = m.owner and a.currency = m.currency`,
    [...columns, kind, causeType, causeId, postedAt, movements.map((m) => m.amountMinor)],
  )
}
