import pg from 'pg'
import { createPublicClient, http, type PublicClient } from 'viem'
import type { Db } from '../../common/node/db.ts'
import { createSource } from '../source.ts'
import { createSpan } from '../span.ts'
import { step } from '../step.ts'
import { LEDGER } from './events.ts'
import { START_BLOCK } from './mirror.ts'
import type { Random } from './random.ts'
import { openWorld } from './world.ts'

/**
 * Tears single steps at the head apart at every statement, one after the other, and looks at the mirror before anybody goes on from
 * there: what a step wrote is there as a whole or not at all.
 * @throws when the mirror then differs from what it has to be
 */
export async function tearEverywhere(random: Random): Promise<{ tears: number }> {
  const world = await openWorld(random, { blocks: 60, finalBehind: 25 })
  const client = createPublicClient({ transport: http(world.node.url) }) as PublicClient
  const source = createSource(client, [LEDGER])
  const mirrored = { chainId: world.chain.chainId, contracts: { ownership: LEDGER }, startBlock: BigInt(START_BLOCK) }
  const db = new pg.Client({ connectionString: world.mirror.database.urlOf('terra_indexer') })
  await db.connect()
  let tears = 0
  try {
    await db.query('set search_path = chain')
    await step({ db, source, mirrored, span: createSpan() })
    for (const when of ['before', 'after'] as const) {
      for (let at = 1, isTorn = true; isTorn; at++) {
        if (random.chance(0.5)) world.chain.reorg(1 + random.int(Math.min(5, world.chain.undoable)))
        world.grow(6)
        const torn = tearing(db, at, when)
        await step({ db: torn.db, source, mirrored, span: createSpan() }).catch((error: Error) => {
          if (error !== torn.error) throw error
        })
        isTorn = torn.isTorn()
        if (isTorn) tears++
        await world.expectTruth()
      }
    }
    await world.mirror.catchUp([world.node.url])
    await world.expectTruth()
    return { tears }
  } finally {
    await db.end()
    await world.close()
  }
}

/** A connection on which the `count`-th statement fails: before the server gets it, or after it was done. */
function tearing(db: pg.Client, count: number, when: 'before' | 'after'): { db: Db; error: Error; isTorn(): boolean } {
  const error = new Error('Torn')
  let statements = 0
  const query = async (text: string, values?: unknown[]) => {
    if (++statements === count && when === 'before') throw error
    const result = await db.query(text, values)
    if (statements === count) throw error
    return result
  }
  // Of a copy only what stands around it can fail here: its stream owns the connection until its end. What fails to roll back has no
  // connection, which other scenarios cover.
  const isPassedOn = (text: unknown) => typeof text !== 'string' || text === 'rollback'
  const pass = (text: string, values?: unknown[]) => (isPassedOn(text) ? db.query(text) : query(text, values))
  return { db: { query: pass as never }, error, isTorn: () => statements >= count }
}
