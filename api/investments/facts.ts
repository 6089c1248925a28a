import type { Db } from '../../common/node/db.ts'
import type { Facts, Rule } from './decide.ts'

/** A project as an order needs it. */
export interface Offering {
  issuerId: string
  name: string
  currency: string
  lockDays: number
}

interface AccountRow {
  kycApproved: boolean
  country: string | null
  wallet: string | null
  walletRegistered: boolean
}

interface ProjectRow extends Offering {
  state: string
  unitPriceCents: string
  minInvestmentCents: string
  unitsRemaining: string
}

/** Every rule version in force at `at`. */
export async function listRules(db: Db, at: Date): Promise<Rule[]> {
  const { rows } = await db.query<Rule>(
    `select code, effective_from as "effectiveFrom", value, citation from app.rule
     where effective_from <= $1 and (effective_to is null or effective_to > $1)`,
    [at],
  )
  return rows
}

/** What the rules look at, read in the caller's transaction and under its row-level security. */
export async function readFacts(
  db: Db,
  { accountId, projectId, amountCents }: { accountId: string; projectId: number; amountCents: bigint },
  at: Date,
): Promise<{ facts: Facts; offering: Offering | null }> {
  const account = await readAccount(db, accountId, at)
  const project = await readProject(db, projectId, at)
  return {
    facts: {
      ...account,
      amountCents,
      project: project && {
        state: project.state,
        unitPriceCents: BigInt(project.unitPriceCents),
        minInvestmentCents: BigInt(project.minInvestmentCents),
        unitsRemaining: BigInt(project.unitsRemaining),
      },
    },
    offering: project,
  }
}

async function readAccount(db: Db, accountId: string, at: Date): Promise<AccountRow> {
  const { rows } = await db.query<AccountRow>(
    `select
       coalesce(k.state = 'approved' and k.expires_at > $2, false) as "kycApproved",
       a.country,
       w.address as wallet,
       coalesce(o.flags & 2 = 2 and o.flags & 8 = 0 and o.investor_id = a.investor_id and o.expires_at > $2, false) as "walletRegistered"
     from app.account a
     left join lateral (
       select state, expires_at from app.kyc_check where account_id = a.id order by created_at desc limit 1
     ) k on true
     left join app.wallet w on w.account_id = a.id and w.active
     left join chain.account o on o.account = w.address
     where a.id = $1`,
    [accountId, at],
  )
  return rows[0]!
}

async function readProject(db: Db, projectId: number, at: Date): Promise<ProjectRow | null> {
  const { rows } = await db.query<ProjectRow>(
    `select
       p.issuer_id as "issuerId", p.name, p.currency, p.lock_days as "lockDays",
       case when c.state <> 'draft' then c.state when p.submitted_at is null then 'draft' else 'submitted' end as state,
       p.unit_price_cents as "unitPriceCents",
       p.min_investment_cents as "minInvestmentCents",
       greatest(least(p.units_offered, coalesce(c.cap, p.units_offered)) - greatest(app.units_taken(p.project_id, $2), coalesce(c.supply, 0)), 0)::text as "unitsRemaining"
     from app.project p
     left join chain.project c using (project_id)
     where p.project_id = $1`,
    [projectId, at],
  )
  return rows[0] ?? null
}
