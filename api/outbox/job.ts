import type { Db } from '../../common/node/db.ts'
import type { Log } from '../../common/node/log.ts'

/** What an outbox row carries: ids only, never figures. */
export type Payload = Record<string, string>

/** One kind of thing to do, named by its outbox topic. */
export interface Job {
  topic: string
  /** Does it; safe to call any number of times, late, and by several workers at once. */
  handle(payload: Payload): Promise<void>
  /** Everything of this kind that waits according to the tables themselves, whether or not a bell was rung. */
  listOpen(): Promise<Payload[]>
}

/** Puts something to do into the outbox, in the transaction that decided it. */
export async function announce(db: Db, topic: string, payload: Payload): Promise<void> {
  await db.query('insert into app.outbox (topic, payload) values ($1, $2)', [topic, payload])
}

const PARALLEL = 4

/** Does everything of one kind that waits, bell or no bell. What fails is logged, stays open and does not keep the others. */
export async function sweepJob(job: Job, log: Log): Promise<void> {
  const open = await job.listOpen()
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (let payload = open.shift(); payload; payload = open.shift()) await handleOne(job, payload, log)
    }),
  )
}

async function handleOne(job: Job, payload: Payload, log: Log): Promise<void> {
  try {
    await job.handle(payload)
  } catch (error) {
    log.warn({ topic: job.topic, ...payload, reason: (error as Error).message }, 'Work failed and stays open')
  }
}
