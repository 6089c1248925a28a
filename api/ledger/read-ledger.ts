import type { Db } from '../../common/node/db.ts'
import type { LedgerKind } from './post-journal.ts'

/** An account and what it holds. Positive: money that is there. Negative: money that is owed. */
export interface Balance {
  account: LedgerKind
  owner: string
  currency: string
  amountMinor: bigint
}

/** One entry of a journal. */
export interface Line extends Balance {
  journalId: bigint
  postedAt: Date
  journal: string
  causeType: string
  causeId: string
}

/** Which entries are meant: all of them where nothing is said. `before` is not included. */
export interface Range {
  before?: Date
  from?: Date
  account?: string
  owner?: string
}

const JOURNALS_AT_ONCE = 2_000
const MATCH = `($1::timestamptz is null or posted_at < $1) and ($2::timestamptz is null or posted_at >= $2)
  and ($3::text is null or account = $3) and ($4::text is null or owner = $4)`
const valuesOf = ({ before, from, account, owner }: Range) => [before ?? null, from ?? null, account ?? null, owner ?? null]

/** What every account holds that isn't empty. */
export async function readBalances(db: Db, range: Range = {}): Promise<Balance[]> {
  const { rows } = await db.query<Omit<Balance, 'amountMinor'> & { amountMinor: string }>(
    `select account, owner, currency, sum(amount_minor) as "amountMinor"
     from app.ledger_line
     where ${MATCH}
     group by account, owner, currency
     having sum(amount_minor) <> 0
     order by account, currency, owner`,
    valuesOf(range),
  )
  return rows.map((row) => ({ ...row, amountMinor: BigInt(row.amountMinor) }))
}

/** All entries in the order they were booked, whole journals, some at a time. Needs one snapshot for all of them. */
export async function* readLines(db: Db, range: Range = {}): AsyncGenerator<Line[]> {
  for (let after = '0'; ; ) {
    const { rows } = await db.query<Omit<Line, 'amountMinor' | 'journalId'> & { amountMinor: string; journalId: string }>(
      `select journal_id as "journalId", posted_at as "postedAt", journal, cause_type as "causeType", cause_id as "causeId",
         account, owner, currency, amount_minor as "amountMinor"
       from app.ledger_line
       where ${MATCH} and journal_id > $5 and journal_id <= (select max(id) from (select id from app.journal where id > $5 order by id limit $6) next)
       order by journal_id, amount_minor desc, account, owner`,
      [...valuesOf(range), after, JOURNALS_AT_ONCE],
    )
    yield rows.map((row) => ({ ...row, journalId: BigInt(row.journalId), amountMinor: BigInt(row.amountMinor) }))
    const { rows: reached } = await db.query<{ last: string | null }>(
      'select max(id) as last from (select id from app.journal where id > $1 order by id limit $2) next',
      [after, JOURNALS_AT_ONCE],
    )
    if (reached[0]!.last === null) return
    after = reached[0]!.last
  }
}
