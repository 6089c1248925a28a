import { openPool, type Pool } from '../../common/node/db.ts'
import { percentile } from '../percentile.ts'
import { createRandom, type Random } from './chain/random.ts'
import { createTokens } from './chain/tokens.ts'
import type { Chain, Stage } from './stage.ts'

/** Milliseconds of one kind of question. */
export interface ReadFigures {
  question: string
  transfers: number
  count: number
  p50Ms: number
  p95Ms: number
  worstMs: number
}

const QUESTIONS = 300
const WARM_UP = 20

/** Asks what the API asks most, one question after the other on one connection, about random projects, blocks and holders. */
export async function measureReads(databaseUrl: string, { facts }: Chain, stage: Stage): Promise<ReadFigures[]> {
  const db = openPool(databaseUrl, { max: 1, name: 'terra-bench' })
  const random = createRandom(facts.seed)
  const { holders, ids } = createTokens(facts.seed, facts.wideIds)
  try {
    // As autovacuum would have by the time anybody asks.
    await db.query('vacuum analyze chain.transfer, chain.holding_snapshot')
    return [
      await measure('holding_at(project, block)', 'select * from chain.holding_at($1, $2)', () => [
        pick(ids, random).id,
        random.below(facts.head),
      ]),
      await measure('portfolio of a holder', 'select * from chain.holding where holder = $1', () => [pick(holders, random).address]),
    ]
  } finally {
    await db.end()
    stage.progress.stop()
  }

  async function measure(question: string, sql: string, parameters: () => unknown[]): Promise<ReadFigures> {
    const times: number[] = []
    for (let asked = -WARM_UP; asked < QUESTIONS; asked++) {
      const ms = await timeOf(db, sql, parameters())
      if (asked >= 0) times.push(ms)
      stage.progress.advance(Math.max(0, asked), QUESTIONS, `Asking for ${question}`)
    }
    const of = (share: number) => percentile(times, share)
    return { question, transfers: facts.transfers, count: QUESTIONS, p50Ms: of(0.5), p95Ms: of(0.95), worstMs: of(1) }
  }
}

async function timeOf(db: Pool, sql: string, parameters: unknown[]): Promise<number> {
  const startedAt = performance.now()
  await db.query(sql, parameters)
  return performance.now() - startedAt
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[random.below(list.length)]!
}
