import type { Address, LocalAccount } from 'viem'
import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import type { Log } from '../../common/node/log.ts'
import { requestMint } from '../mint/request-mint.ts'
import type { Job } from '../outbox/job.ts'
import { decide, SETTLE_RULES } from './decide.ts'
import { recordDecision } from './decision.ts'
import { listRules, readFacts } from './facts.ts'

export interface MintQueueDeps {
  pool: Pool
  deployment: Deployment
  /** Signs that the investment is paid. */
  paymentAttestor: LocalAccount
  clock: () => Date
  log: Log
}

/** The worker's part of investments: what is paid goes to be minted, unless the rules say no by now. */
export function investmentJobs(deps: MintQueueDeps): Job[] {
  return [
    {
      topic: 'investment.paid',
      handle: ({ investmentId = '' }) => queueMint(deps, investmentId),
      listOpen: async () => (await listPaid(deps.pool, deps.clock())).map((investmentId) => ({ investmentId })),
    },
  ]
}

async function listPaid(db: Db, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from app.investment i
     where ${IS_TO_BE_MINTED}
     order by updated_at
     limit 100`,
    [now],
  )
  return rows.map(({ id }) => id)
}

/** Paid, and not to be taken back any more without a reason. `$1` is now. */
const IS_TO_BE_MINTED = `state = 'paid' and (cancel_until is null or cancel_until <= $1)
  and not exists (select from app.chain_intent c where c.investment_id = i.id)`

interface PaidRow {
  accountId: string
  projectId: number
  amountCents: string
  chainInvestmentId: `0x${string}`
  wallet: Address
  units: string
}

/** Decides once more on a paid investment and freezes what is to be minted for it. Safe to repeat. */
export async function queueMint(deps: MintQueueDeps, investmentId: string): Promise<void> {
  const { pool, deployment, paymentAttestor, clock, log } = deps
  await inTransaction(pool, async (db) => {
    const now = clock()
    const { rows } = await db.query<PaidRow>(
      `select account_id as "accountId", project_id as "projectId", amount_cents as "amountCents",
         chain_investment_id as "chainInvestmentId", wallet, units
       from app.investment i
       where ${IS_TO_BE_MINTED} and id = $2
       for update skip locked`,
      [now, investmentId],
    )
    const paid = rows[0]
    if (!paid) return
    const order = { id: investmentId, accountId: paid.accountId, projectId: paid.projectId, amountCents: BigInt(paid.amountCents) }
    const { facts, offering } = await readFacts(db, order, now)
    const findings = decide(await listRules(db, now), facts, now, SETTLE_RULES)
    await recordDecision(db, { subject: 'settle', order, facts, findings }, now)
    const refused =
      findings.find(({ passed }) => !passed) ??
      (facts.wallet === paid.wallet ? undefined : { message: 'The wallet was changed after the order' })
    if (refused || !offering) {
      const reason = refused?.message ?? 'The project is gone'
      await db.query(`update app.investment set state = 'review', review_reason = $2, updated_at = $3 where id = $1`, [
        investmentId,
        reason,
        now,
      ])
      log.error({ investmentId, reason }, 'A paid investment may not be minted')
      return
    }
    await requestMint(
      db,
      {
        deployment,
        paymentAttestor,
        investmentId,
        accountId: paid.accountId,
        mint: {
          investmentId: paid.chainInvestmentId,
          projectId: paid.projectId,
          investor: paid.wallet,
          units: BigInt(paid.units),
          lockDays: offering.lockDays,
        },
      },
      now,
    )
    log.info({ investmentId }, 'Queued a mint')
  })
}
