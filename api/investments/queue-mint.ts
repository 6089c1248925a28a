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
      listOpen: async () => (await listPaid(deps.pool)).map((investmentId) => ({ investmentId })),
    },
  ]
}

async function listPaid(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select id from app.investment i
     where state = 'paid' and not exists (select from app.chain_intent c where c.investment_id = i.id)
     order by updated_at
     limit 100`,
  )
  return rows.map(({ id }) => id)
}

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
    const { rows } = await db.query<PaidRow>(
      `select account_id as "accountId", project_id as "projectId", amount_cents as "amountCents",
         chain_investment_id as "chainInvestmentId", wallet, units
       from app.investment i
       where id = $1 and state = 'paid' and not exists (select from app.chain_intent c where c.investment_id = i.id)
       for update skip locked`,
      [investmentId],
    )
    const paid = rows[0]
    if (!paid) return
    const now = clock()
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
