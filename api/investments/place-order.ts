import type { Address } from 'viem'
import { AppError } from '../../common/errors.ts'
import { unitsFor } from '../../common/money.ts'
import { asViewer, type Db, type Pool } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import type { Facts } from './ask.ts'
import { assertAllowed, cancelUntilOf, decide } from './decide.ts'
import { recordDecision } from './decision.ts'
import { listRules, type Offering, readFacts } from './facts.ts'
import { chainInvestmentId } from './investment-id.ts'

export interface Order {
  id: string
  accountId: string
  projectId: number
  amountCents: bigint
  /** What the investor agreed that the order may lose, where it was warned. */
  acceptedLossCents?: bigint | undefined
}

/** How long units stay reserved for an order that is not paid. */
export const RESERVATION_MS = 30 * 60_000

/**
 * Decides on an order and reserves its units, or finds it reserved already: the same order again changes nothing.
 * The decision is kept either way, so that it can be explained.
 * @throws AppError with the code of the first rule not passed; IDEMPOTENCY_KEY_REUSED when the id belongs to another order
 */
export async function placeOrder(deps: { pool: Pool; clock: () => Date; deployment: Deployment }, order: Order): Promise<void> {
  const findings = await asViewer(deps.pool, { accountId: order.accountId }, async (db) => {
    if (await isPlaced(db, order)) return []
    // One order of an account, of a project and of its issuer at a time: counting what is left and taking it must not be interleaved.
    for (const key of [`account ${order.accountId}`, `project ${order.projectId}`, ...(await issuerOf(db, order.projectId))])
      await db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [key])
    // The wallet that is about to be promised units stays the active one until they are promised.
    await db.query('select from app.account where id = $1 for share', [order.accountId])
    // Counted on the clock as it stands once the turn has come.
    const now = deps.clock()
    const { facts, offering } = await readFacts(db, order, now)
    const made = decide(await listRules(db, now), facts, now)
    if (!offering) return made
    if (made.every(({ passed }) => passed))
      await reserve(db, deps.deployment, order, facts, { ...offering, cancelUntil: cancelUntilOf(made) }, now)
    await recordDecision(db, { subject: 'invest', order, facts, findings: made }, now)
    return made
  })
  assertAllowed(findings)
}

/** The issuer, where all of its offerings share a limit. */
async function issuerOf(db: Db, projectId: number): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>(
    `select 'issuer ' || issuer_id as key from app.project where project_id = $1 and exemption in ('reg_cf', 'reg_a_tier_2', 'ecsp', 'reg_d_506b')`,
    [projectId],
  )
  return rows.map(({ key }) => key)
}

async function isPlaced(db: Db, order: Order): Promise<boolean> {
  const { rows } = await db.query<{ isSame: boolean }>(
    `select project_id = $2 and amount_cents = $3 as "isSame" from app.investment where id = $1 and account_id = $4`,
    [order.id, order.projectId, order.amountCents, order.accountId],
  )
  if (rows[0] && !rows[0].isSame) throw reused()
  return rows[0] !== undefined
}

async function reserve(
  db: Db,
  deployment: Deployment,
  order: Order,
  facts: Facts,
  offering: Offering & { cancelUntil: Date | null },
  now: Date,
): Promise<void> {
  const { unitPriceCents } = facts.project!
  const { rowCount } = await db.query(
    `insert into app.investment
       (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents, currency,
        state, reserved_until, created_at, updated_at, cancel_until, investor_class)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'awaiting_payment', $11, $12, $12, $13, $14)
     on conflict do nothing`,
    [
      order.id,
      chainInvestmentId(deployment.chainId, deployment.ownership as Address, order.id),
      order.accountId,
      order.projectId,
      offering.issuerId,
      facts.wallet,
      unitsFor(order.amountCents, unitPriceCents),
      unitPriceCents,
      order.amountCents,
      offering.currency,
      new Date(now.getTime() + RESERVATION_MS),
      now,
      offering.cancelUntil,
      facts.investorClass,
    ],
  )
  // Somebody else's id, which row-level security hides; or a twin of this request, which ends with the same row.
  if (rowCount === 0 && !(await isPlaced(db, order))) throw reused()
}

function reused(): AppError {
  return new AppError('IDEMPOTENCY_KEY_REUSED', 'This key or id belongs to another order. Use a new one')
}
