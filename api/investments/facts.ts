import type { Db } from '../../common/node/db.ts'
import type { Exemption } from '../../common/wire.ts'
import { readEcspFacts } from '../ecsp/queries.ts'
import { findFinances } from '../finances/queries.ts'
import { readPrivateOffer } from '../relationships/queries.ts'
import { type Commitment, type Facts, type Finances, monthsBefore } from './ask.ts'
import type { Rule } from './decide.ts'
import { LIMIT_MONTHS } from './exemption-rules.ts'

/** A project as an order needs it. */
export interface Offering {
  issuerId: string
  name: string
  currency: string
  lockDays: number
}

/** What somebody asks for, or wants to know about. */
export interface Wish {
  accountId: string
  projectId: number
  amountCents: bigint
  acceptedLossCents?: bigint | undefined
}

interface AccountRow {
  kycApproved: boolean
  hold: 'frozen' | 'review' | 'unscreened' | null
  country: string | null
  wallet: string | null
  walletRegistered: boolean
  investorClass: number
  verifiedFromCents: string | null
}

interface ProjectRow extends Offering {
  state: string
  unitPriceCents: string
  minInvestmentCents: string
  unitsRemaining: string
  exemption: Exemption | null
  ownCents: string
  issuerCents: string
  closesAt: Date | null
}

/** Counts against a limit: what may still become units. An order that ran out does until the payment provider has closed it. */
const IS_COMMITTED = `i.state in ('awaiting_payment', 'payment_failed', 'paid', 'minting', 'settled', 'review')`

/** A rule with what in it was not read in the law itself. */
export type MarkedRule = Rule & { unconfirmed: string | null }

/** Every rule version in force at `at`. */
export async function listRules(db: Db, at: Date): Promise<MarkedRule[]> {
  const { rows } = await db.query<MarkedRule>(
    `select code, effective_from as "effectiveFrom", value, citation, unconfirmed from app.rule
     where effective_from <= $1 and (effective_to is null or effective_to > $1)`,
    [at],
  )
  return rows
}

/** What the rules look at, read in the caller's transaction and under its row-level security. */
export async function readFacts(
  db: Db,
  { accountId, projectId, amountCents, acceptedLossCents }: Wish,
  at: Date,
): Promise<{ facts: Facts; offering: Offering | null }> {
  const account = await readAccount(db, accountId, at)
  const project = await readProject(db, accountId, projectId, at)
  return {
    facts: {
      ...account,
      verifiedFromCents: account.verifiedFromCents === null ? null : BigInt(account.verifiedFromCents),
      finances: await readFinances(db, accountId),
      regCfCommitments: project?.exemption === 'reg_cf' ? await listRegCfCommitments(db, accountId) : [],
      amountCents,
      ...(project?.exemption === 'ecsp' && {
        ecsp: { ...(await readEcspFacts(db, accountId)), acceptedLossCents: acceptedLossCents ?? null },
      }),
      ...(project?.exemption === 'reg_d_506b' && { privateOffer: await readPrivateOffer(db, accountId, projectId) }),
      project: project && {
        state: project.state,
        currency: project.currency,
        unitPriceCents: BigInt(project.unitPriceCents),
        minInvestmentCents: BigInt(project.minInvestmentCents),
        unitsRemaining: BigInt(project.unitsRemaining),
        exemption: project.exemption,
        ownCents: BigInt(project.ownCents),
        issuerCents: BigInt(project.issuerCents),
        closesAt: project.closesAt,
      },
    },
    offering: project,
  }
}

async function readAccount(db: Db, accountId: string, at: Date): Promise<AccountRow> {
  const { rows } = await db.query<AccountRow>(
    `select
       coalesce(k.state = 'approved' and k.expires_at > $2, false) as "kycApproved",
       app.account_hold(a.id) as hold,
       a.country,
       w.address as wallet,
       r.registered as "walletRegistered",
       coalesce(app.accredited_class(a.id, $2), case when r.registered then o.class else 0 end) as "investorClass",
       app.verified_from_cents(a.id, $2) as "verifiedFromCents"
     from app.account a
     left join lateral (
       select state, expires_at from app.kyc_check where account_id = a.id order by decided_at is null, created_at desc limit 1
     ) k on true
     left join app.wallet w on w.account_id = a.id and w.active
     left join chain.account o on o.account = w.address
     cross join lateral (
       select coalesce(o.flags & 2 = 2 and o.flags & 8 = 0 and o.investor_id = a.investor_id and o.expires_at > $2, false) as registered
     ) r
     where a.id = $1`,
    [accountId, at],
  )
  return rows[0]!
}

async function readProject(db: Db, accountId: string, projectId: number, at: Date): Promise<ProjectRow | null> {
  const { rows } = await db.query<ProjectRow>(
    `select
       p.issuer_id as "issuerId", p.name, p.currency, p.lock_days as "lockDays",
       case when c.state <> 'draft' then c.state when p.submitted_at is null then 'draft' else 'submitted' end as state,
       p.unit_price_cents as "unitPriceCents",
       p.min_investment_cents as "minInvestmentCents",
       greatest(least(p.units_offered, coalesce(c.cap, p.units_offered)) - greatest(app.units_taken(p.project_id, $2), coalesce(c.supply, 0)), 0)::text as "unitsRemaining",
       p.exemption,
       p.closes_at as "closesAt",
       (select coalesce(sum(i.amount_cents), 0)::text from app.investment i
        where i.account_id = $3 and i.project_id = p.project_id and ${IS_COMMITTED}) as "ownCents",
       case when p.exemption in ('reg_cf', 'reg_a_tier_2', 'ecsp') then app.committed_under(p.exemption, p.issuer_id, $4) + p.raised_elsewhere_cents else 0 end::text as "issuerCents"
     from app.project p
     left join chain.project c using (project_id)
     where p.project_id = $1`,
    [projectId, at, accountId, monthsBefore(at, LIMIT_MONTHS)],
  )
  return rows[0] ?? null
}

/** The newest statement of income and net worth. */
async function readFinances(db: Db, accountId: string): Promise<Finances | null> {
  const stated = await findFinances(db, accountId)
  if (stated === null) return null
  return {
    annualIncomeCents: BigInt(stated.annualIncomeCents),
    netWorthCents: BigInt(stated.netWorthCents),
    outsideCents: BigInt(stated.outsideCents),
    isJoint: stated.isJoint,
    spouseCents: stated.spouseCommittedCents === null ? null : BigInt(stated.spouseCommittedCents),
    statedAt: new Date(stated.statedAt),
  }
}

/** What the account committed to offerings under Regulation Crowdfunding, of any issuer here. */
async function listRegCfCommitments(db: Db, accountId: string): Promise<Commitment[]> {
  const { rows } = await db.query<{ amountCents: string; at: Date }>(
    `select i.amount_cents as "amountCents", i.created_at as at
     from app.investment i
     join app.project p using (project_id)
     where i.account_id = $1 and p.exemption = 'reg_cf' and ${IS_COMMITTED}`,
    [accountId],
  )
  return rows.map((row) => ({ amountCents: BigInt(row.amountCents), at: row.at }))
}
