import { inTransaction, type Pool } from '../../common/node/db.ts'

/** A kind of data that ends by itself. */
export interface DataClass {
  name: string
  /** How long it is kept, in words, and by which rule. */
  kept: string
  /** Days after which a row is due, counted from what `due` says. */
  days: number
  /** `table where condition`; $1 is the moment before which a row is due. */
  due: string
  /** What becomes of a row: without it, it is deleted. */
  end?: (due: string) => string
}

const YEAR = 365

/**
 * What ends, and when: logs and what is for a moment after 90 days at most, use after two years, an account that nobody uses after seven, evidence of
 * orders ten years after the account was erased. Orders, payments and the audit stay, without names; nothing on chain can end.
 */
export const DATA_CLASSES: readonly DataClass[] = [
  { name: 'wallet challenges', kept: 'a day after they ran out', days: 1, due: 'app.siwe_nonce where expires_at < $1' },
  { name: 'passkey challenges', kept: 'a day after they ran out', days: 1, due: 'app.passkey_challenge where expires_at < $1' },
  { name: 'feed tickets', kept: 'a day after they ran out', days: 1, due: 'app.feed_ticket where expires_at < $1' },
  { name: 'failed logins', kept: '90 days, as logs', days: 90, due: 'app.login_attempt where last_at < $1' },
  { name: 'wrong codes', kept: '90 days, as logs', days: 90, due: 'app.factor_attempt where last_at < $1' },
  { name: 'answers to repeated requests', kept: '90 days, as logs', days: 90, due: 'app.idempotency_key where created_at < $1' },
  { name: 'tasks that are done', kept: '90 days, as logs', days: 90, due: 'app.outbox where done and created_at < $1' },
  {
    name: 'contents of vendors’ events',
    kept: '90 days, as logs; that one came is kept for ever, so that none takes effect twice',
    days: 90,
    due: `app.webhook_inbox where processed_at < $1 and body <> ''`,
    end: () => `update app.webhook_inbox set body = '' where processed_at < $1 and body <> ''`,
  },
  {
    name: 'sign-ins that ended',
    kept: '90 days after they ran out, as logs',
    days: 90,
    due: `app.session where family in (select family from app.session group by family having max(expires_at) < $1)`,
    end: (due) => `with gone as (delete from ${due} returning family) delete from app.sign_in where family in (select family from gone)`,
  },
  { name: 'browsers', kept: 'two years after their last use', days: 2 * YEAR, due: 'app.device where last_seen_at < $1' },
  {
    name: 'invitations to act for an issuer',
    kept: '90 days, as logs; who joined stays a member',
    days: 90,
    due: 'app.issuer_invitation where created_at < $1',
  },
  { name: 'messages', kept: 'two years after they were sent', days: 2 * YEAR, due: 'app.notification where sent_at < $1' },
  {
    name: 'accounts that nobody uses',
    kept: 'seven years after the last sign-in, while nothing holds them; then they are erased',
    days: 7 * YEAR,
    due: `app.account a where a.erased_at is null and a.created_at < $1
      and not exists (select from app.session s where s.account_id = a.id and s.created_at >= $1)
      and not exists (select from app.investment i where i.account_id = a.id and i.updated_at >= $1)
      and not exists (select from app.erasure_holds(a.id))`,
    end: (due) => `select app.erase_account(a.id, now()) from ${due}`,
  },
  ...['finances', 'knowledge_test', 'loss_simulation', 'sophistication', 'accreditation'].map((table) => ({
    name: `evidence of orders: ${table.replaceAll('_', ' ')}`,
    kept: 'ten years after the account was erased, as records of transactions',
    days: 10 * YEAR,
    due: `app.${table} where account_id in (select id from app.account where erased_at < $1)`,
  })),
  {
    name: 'evidence of orders: what was decided by',
    kept: 'ten years after the account was erased, as records of transactions',
    days: 10 * YEAR,
    due: 'app.decision where facts is not null and account_id in (select id from app.account where erased_at < $1)',
    end: () => `update app.decision set facts = null,
      findings = (select coalesce(jsonb_agg(jsonb_build_object('code', f -> 'code', 'passed', f -> 'passed', 'effectiveFrom', f -> 'effectiveFrom')), '[]')
        from jsonb_array_elements(findings) f)
      where facts is not null and account_id in (select id from app.account where erased_at < $1)`,
  },
  {
    name: 'references of identity checks',
    kept: 'five years after the account was erased, as Directive (EU) 2015/849, art. 40 asks',
    days: 5 * YEAR,
    due: `app.kyc_check where applicant_ref <> '' and account_id in (select id from app.account where erased_at < $1)`,
    end: () => `update app.kyc_check set applicant_ref = '', check_ref = null
      where applicant_ref <> '' and account_id in (select id from app.account where erased_at < $1)`,
  },
]

export interface Due {
  name: string
  kept: string
  rows: number
}

/** How many rows of each class are due, and nothing else. To be called as terra_worker. */
export async function countDue(pool: Pool, now: Date): Promise<Due[]> {
  return Promise.all(
    DATA_CLASSES.map(async ({ name, kept, days, due }) => {
      const { rows } = await pool.query<{ n: number }>(`select count(*)::int as n from ${due}`, [before(now, days)])
      return { name, kept, rows: rows[0]!.n }
    }),
  )
}

/** Ends what is due, a class at a time, and says how much of each it was. Safe to run again, and beside another. */
export async function endDue(pool: Pool, now: Date): Promise<Due[]> {
  const done: Due[] = []
  for (const { name, kept, days, due, end } of DATA_CLASSES) {
    const rows = await inTransaction(pool, async (db) => {
      const values = [before(now, days)]
      const { rows: counted } = await db.query<{ n: number }>(`select count(*)::int as n from ${due}`, values)
      if (counted[0]!.n > 0) await db.query(end ? end(due) : `delete from ${due}`, values)
      return counted[0]!.n
    })
    done.push({ name, kept, rows })
  }
  return done
}

function before(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000)
}
