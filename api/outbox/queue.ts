import { createPostgresBackend, Queue, runMigrations, Worker, withBackend } from 'bullmq'
import pg from 'pg'
import type { Log } from '../../common/node/log.ts'
import type { Job, Payload } from './job.ts'
import type { Ring } from './relay.ts'

/** The bell between the outbox and the jobs. Losing it, or everything in it, costs seconds: the tables are the record. */
export interface Bell {
  ring: Ring
  close(): Promise<void>
}

const NAME = 'outbox'
const SCHEMA = 'bullmq'
const CONCURRENCY = 8
/** A queue that does not take rows within this time is passed over; the rows stay open. */
const RING_TIMEOUT_MS = 3_000
/** BullMQ gives a job up for good after its worker died once; ours die, jobs must not. */
const MAX_STALLED = 1_000

/** Opens BullMQ on Postgres, or on Redis when `redisUrl` is given, and hands each rung row to the job of its topic. */
export async function openBell(options: {
  databaseUrl: string
  redisUrl?: string | undefined
  jobs: readonly Job[]
  log: Log
}): Promise<Bell> {
  const { databaseUrl, redisUrl, jobs, log } = options
  const byTopic = new Map(jobs.map((job) => [job.topic, job]))
  const handle = async ({ name, data }: { name: string; data: Payload }) => {
    const job = byTopic.get(name)
    if (job) await job.handle(data)
    else log.warn({ topic: name }, 'Nobody handles this topic')
  }
  const heal = redisUrl === undefined ? () => migrateQueue(databaseUrl) : async () => {}
  await heal()
  const { queue, worker } = redisUrl === undefined ? onPostgres(databaseUrl, handle) : onRedis(redisUrl, handle)
  const say = throttled((reason) => log.warn({ reason }, 'The queue has trouble; work goes on by polling'))
  queue.on('error', (error) => say(error.message))
  worker.on('error', (error) => say(error.message))
  worker.on('failed', (job, error) => log.warn({ topic: job?.name, ...job?.data, reason: error.message }, 'Work failed and stays open'))
  return {
    async ring(rows) {
      try {
        await within(
          RING_TIMEOUT_MS,
          queue.addBulk(rows.map(({ id, topic, payload }) => ({ name: topic, data: payload, opts: { jobId: `outbox-${id}` } }))),
        )
      } catch (cause) {
        // Its tables may be gone; the next ring finds them again.
        await heal().catch((error: Error) => say(error.message))
        throw new Error('The queue did not take the rows', { cause })
      }
    },
    async close() {
      await Promise.allSettled([worker.close(true), queue.close()])
    },
  }
}

/** Creates BullMQ's tables, or brings them up to date. */
export async function migrateQueue(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('error', () => {})
  await client.connect()
  try {
    await runMigrations(
      {
        // The schema exists and is the worker's own. Postgres asks for the right to create schemas even where there is nothing to create.
        query: ((text: string, values?: unknown[]) =>
          text.startsWith('CREATE SCHEMA') ? client.query('select') : client.query(text, values)) as never,
      } as never,
      SCHEMA,
    )
  } finally {
    await client.end()
  }
}

type Handle = (job: { name: string; data: Payload }) => Promise<void>

const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true }
const WORKER_OPTIONS = { concurrency: CONCURRENCY, maxStalledCount: MAX_STALLED }

function onPostgres(databaseUrl: string, handle: Handle) {
  const backed = withBackend(createPostgresBackend)
  const connection = { connectionString: databaseUrl, schema: SCHEMA, max: 4 }
  return {
    queue: new backed.Queue<Payload>(NAME, { connection, defaultJobOptions: JOB_OPTIONS }),
    worker: new backed.Worker<Payload>(NAME, handle, { connection, ...WORKER_OPTIONS }),
  }
}

function onRedis(url: string, handle: Handle) {
  return {
    // Fails at once while Redis is away, instead of holding the outbox transaction.
    queue: new Queue<Payload>(NAME, {
      connection: { url, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
      defaultJobOptions: JOB_OPTIONS,
      skipWaitingForReady: true,
    }),
    worker: new Worker<Payload>(NAME, handle, { connection: { url, maxRetriesPerRequest: null }, ...WORKER_OPTIONS }),
  }
}

async function within<T>(timeoutMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs)
  })
  work.catch(() => {})
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Lets one message through each ten seconds: a queue that is away complains many times a second. */
function throttled(say: (reason: string) => void): (reason: string) => void {
  let quietUntil = 0
  return (reason) => {
    const now = performance.now()
    if (now < quietUntil) return
    quietUntil = now + 10_000
    say(reason)
  }
}
