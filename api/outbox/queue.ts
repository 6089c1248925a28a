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

/**
 * Opens BullMQ on Postgres, or on Redis when `redisUrl` is given, and hands each rung row to the job of its topic.
 * Never fails: a queue that cannot be opened, or that breaks, is opened anew when the next row comes.
 */
export function openBell(options: { databaseUrl: string; redisUrl?: string | undefined; jobs: readonly Job[]; log: Log }): Bell {
  const { databaseUrl, redisUrl, jobs, log } = options
  const byTopic = new Map(jobs.map((job) => [job.topic, job]))
  const handle = async ({ name, data }: { name: string; data: Payload }) => {
    const job = byTopic.get(name)
    if (job) await job.handle(data)
    else log.warn({ topic: name }, 'Nobody handles this topic')
  }
  const say = throttled((reason) => log.warn({ reason }, 'The queue has trouble; work goes on by polling'))
  let opened: Promise<Opened> | undefined
  const open = async () => {
    if (redisUrl === undefined) await migrateQueue(databaseUrl)
    const backend = redisUrl === undefined ? onPostgres(databaseUrl, handle) : onRedis(redisUrl, handle)
    backend.queue.on('error', (error) => say(error.message))
    backend.worker.on('error', (error) => say(error.message))
    await within(RING_TIMEOUT_MS, backend.queue.waitUntilReady()).catch(async (error) => {
      await shut(backend)
      throw error
    })
    backend.worker.on('failed', (job, error) =>
      log.warn({ topic: job?.name, ...job?.data, reason: error.message }, 'Work failed and stays open'),
    )
    return backend
  }
  const close = async () => {
    const old = opened
    opened = undefined
    const backend = await old?.catch(() => undefined)
    if (backend) await shut(backend)
  }
  return {
    async ring(rows) {
      try {
        opened ??= open()
        const { queue } = await opened
        const bells = rows.map(({ id, topic, payload }) => ({ name: topic, data: payload, opts: { jobId: `outbox-${id}` } }))
        await within(RING_TIMEOUT_MS, queue.addBulk(bells))
      } catch (cause) {
        say((cause as Error).message)
        void close()
        throw new Error('The queue did not take the rows', { cause })
      }
    },
    close,
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

async function shut({ queue, worker, close }: Opened): Promise<void> {
  // A queue that is away may never say goodbye.
  await within(RING_TIMEOUT_MS, Promise.allSettled([worker.close(true), queue.close()])).catch(() => {})
  await close()
}

interface Opened {
  queue: Pick<Queue<Payload>, 'on' | 'addBulk' | 'close' | 'waitUntilReady'>
  worker: Pick<Worker<Payload>, 'on' | 'close'>
  close(): Promise<void>
}

type Handle = (job: { name: string; data: Payload }) => Promise<void>

const JOB_OPTIONS = { removeOnComplete: true, removeOnFail: true }
const WORKER_OPTIONS = { concurrency: CONCURRENCY, maxStalledCount: MAX_STALLED }

function onPostgres(databaseUrl: string, handle: Handle): Opened {
  const backed = withBackend(createPostgresBackend)
  // Pools of our own, because BullMQ leaves a moment in which a connection that is cut ends the process.
  const pools = [openQueuePool(databaseUrl), openQueuePool(databaseUrl)] as const
  return {
    queue: new backed.Queue<Payload>(NAME, { connection: pools[0] as never, defaultJobOptions: JOB_OPTIONS }) as never,
    worker: new backed.Worker<Payload>(NAME, handle, { connection: pools[1] as never, ...WORKER_OPTIONS }) as never,
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end()))
    },
  }
}

function openQueuePool(databaseUrl: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 4,
    keepAlive: true,
    options: `-c search_path=${SCHEMA}`,
    application_name: 'terra-queue',
  })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

function onRedis(url: string, handle: Handle): Opened {
  return {
    queue: new Queue<Payload>(NAME, { connection: { url, maxRetriesPerRequest: 1 }, defaultJobOptions: JOB_OPTIONS }),
    worker: new Worker<Payload>(NAME, handle, { connection: { url, maxRetriesPerRequest: null }, ...WORKER_OPTIONS }),
    close: async () => {},
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
