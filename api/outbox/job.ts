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

/** Does everything that waits, bells or no bells. One that fails is logged and does not keep the others. */
export async function sweepJobs(jobs: readonly Job[], log: Log): Promise<void> {
  for (const job of jobs) {
    let open: Payload[]
    try {
      open = await job.listOpen()
    } catch (error) {
      log.warn({ topic: job.topic, reason: (error as Error).message }, 'Open work could not be listed')
      continue
    }
    await Promise.all(
      Array.from({ length: PARALLEL }, async () => {
        for (let payload = open.shift(); payload; payload = open.shift()) await handleOne(job, payload, log)
      }),
    )
  }
}

async function handleOne(job: Job, payload: Payload, log: Log): Promise<void> {
  try {
    await job.handle(payload)
  } catch (error) {
    log.warn({ topic: job.topic, ...payload, reason: (error as Error).message }, 'Work failed and stays open')
  }
}
