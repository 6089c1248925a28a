import type { Db } from '../common/node/db.ts'
import type { Investment, ProjectCard } from '../common/wire.ts'
import { openFeed } from '../scripts/demo/feed.ts'
import { openClient } from '../scripts/world/client.ts'
import { INVESTORS } from '../scripts/world/investors.ts'
import { enter, invest, payByCard } from '../scripts/world/person.ts'
import { SEED_PASSWORD } from '../scripts/world/wallets.ts'

/** Seeded people who invest at the same time; each waits for the units before the next order. */
const INVESTORS_AT_ONCE = 4
const AMOUNT_CENTS = 5_000n

/**
 * Milliseconds from the arrival of the payment webhook to the push that shows the units, for `count` investments on a seeded stack.
 * Both ends are read on this machine's clock.
 */
export async function measurePayments(webUrl: string, db: Db, count: number, onDone: (done: number) => void): Promise<number[]> {
  const latencies: number[] = []
  const projects = (await openClient(webUrl).get<ProjectCard[]>('projects?limit=100&state=active')).filter(
    ({ unitsRemaining, unitPriceCents, minInvestmentCents }) =>
      BigInt(unitsRemaining) > 200n && AMOUNT_CENTS % BigInt(unitPriceCents) === 0n && BigInt(minInvestmentCents) <= AMOUNT_CENTS,
  )
  let begun = 0
  await Promise.all(
    INVESTORS.slice(0, INVESTORS_AT_ONCE).map(async (investor, index) => {
      const client = openClient(webUrl)
      await enter(client, { email: investor.email, password: SEED_PASSWORD, country: investor.country, displayName: investor.firstName })
      const { projectId, unitPriceCents } = projects[index % projects.length]!
      const feed = await openFeed(webUrl, client)
      try {
        while (begun++ < count) {
          const { positions } = await client.get<{ positions: { projectId: number; units: string }[] }>('portfolio')
          const before = BigInt(positions.find((position) => position.projectId === projectId)?.units ?? 0)
          const wanted = before + AMOUNT_CENTS / BigInt(unitPriceCents)
          const { id, checkoutUrl } = await invest(client, projectId, AMOUNT_CENTS, `bench-${Date.now()}-${index}`)
          await payByCard(checkoutUrl!)
          const { receivedAt } = await feed.waitPortfolio(({ positions }) =>
            positions.some((p) => p.projectId === projectId && BigInt(p.units) >= wanted),
          )
          latencies.push(performance.timeOrigin + receivedAt - (await webhookTime(db, id)))
          onDone(latencies.length)
        }
      } finally {
        feed.close()
      }
    }),
  )
  return latencies
}

/** When the api took in the event that says this investment is paid. */
async function webhookTime(db: Db, investmentId: Investment['id']): Promise<number> {
  const { rows } = await db.query<{ receivedAt: Date }>(
    `select min(i.received_at) as "receivedAt"
     from app.webhook_inbox i
     join app.payment p on position(p.session_ref in convert_from(i.body, 'UTF8')) > 0
     where i.provider = 'stripe' and i.kind = 'checkout.session.completed' and p.investment_id = $1`,
    [investmentId],
  )
  return rows[0]!.receivedAt.getTime()
}
