import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Transporter } from 'nodemailer'
import type Stripe from 'stripe'
import type { LocalAccount } from 'viem'
import { actAs } from '../common/node/acting.ts'
import type { Pool } from '../common/node/db.ts'
import type { Deployment } from '../common/node/deployment.ts'
import { listen } from '../common/node/listen.ts'
import type { Log } from '../common/node/log.ts'
import { accreditationJobs } from './accreditation/expiry.ts'
import { anchorDay } from './audit/anchor.ts'
import { keepMonths, sealAudit } from './audit/seal.ts'
import { investmentJobs } from './investments/queue-mint.ts'
import { expiryJobs } from './kyc/expiry.ts'
import type { KycProviders } from './kyc/provider.ts'
import { ledgerJobs } from './ledger/jobs.ts'
import { type CycleState, FIRST_CYCLE, runCycle } from './mint/cycle.ts'
import type { MintSettings } from './mint/engine.ts'
import { freezeJobs } from './mint/freezes.ts'
import { registrationJobs } from './mint/jobs.ts'
import type { Nodes } from './mint/nodes.ts'
import type { Step } from './mint/steps.ts'
import { monitoringJobs } from './monitoring/watch.ts'
import { notificationJobs } from './notifications/jobs.ts'
import { type Job, sweepJob } from './outbox/job.ts'
import { openBell } from './outbox/queue.ts'
import { relayOutbox } from './outbox/relay.ts'
import { paymentJobs } from './payments/jobs.ts'
import { endDue } from './privacy/retention.ts'
import { sanctionsJobs } from './sanctions/jobs.ts'
import { webhookJobs } from './webhooks/process.ts'

/** Everything the worker needs from outside; worker.ts opens it, tests pass their own. */
export interface WorkerDeps {
  /** Connected as terra_worker. */
  pool: Pool
  databaseUrl: string
  redisUrl: string | undefined
  nodes: Nodes
  deployment: Deployment
  minter: LocalAccount
  /** Signs attestations of identity. */
  attestor: LocalAccount
  paymentAttestor: LocalAccount
  /** Open the names that people gave: the first seals, all of them open. */
  encryptionKeys: readonly Buffer[]
  stripe: Stripe
  isLive: boolean
  kyc: KycProviders
  mail: Pick<Transporter, 'sendMail'>
  mailFrom: string
  publicUrl: URL
  clock: () => Date
  log: Log
  step: Step
  settings: MintSettings
}

export interface RunningWorker {
  /** Lets what is under way end, then stops. */
  stop(): Promise<void>
}

const RELAY_MS = 1_000
const SWEEP_MS = 3_000
const SEAL_MS = 1_000
const ANCHOR_MS = 60_000
const RETENTION_MS = 3_600_000
const MINT_BUSY_MS = 500
const MINT_IDLE_MS = 2_000
const AFTER_FAILURE_MS = 1_000

/** After these there may be something to mint or to register. */
const WAKES_MINT = new Set(['investment.paid', 'account.approved', 'wallet.linked', 'account.frozen'])

/**
 * Runs the worker: the relay from outbox to bell, the jobs by bell and by polling the tables, and the mint loop.
 * Each loop outlives any failure of database, chain, queue or vendor: it says so and begins its round anew.
 */
export async function runWorker(deps: WorkerDeps): Promise<RunningWorker> {
  const { pool, log } = deps
  const stopping = new AbortController()
  const jobs: Job[] = [
    ...webhookJobs(deps),
    ...paymentJobs(deps),
    ...ledgerJobs(deps),
    ...investmentJobs(deps),
    ...registrationJobs(deps),
    ...freezeJobs(deps),
    ...notificationJobs(deps),
    ...sanctionsJobs(deps),
    ...expiryJobs(deps),
    ...monitoringJobs(deps),
    ...accreditationJobs(deps),
  ]
  const minting = startLoop('mint', stopping.signal, log, mintRounds(deps))
  const asWorker = (job: Job): Job => ({
    ...job,
    async handle(payload) {
      const acting = { actor: 'worker', permission: `job ${job.topic}`, correlation: payload.correlationId ?? randomUUID() }
      await actAs(
        () => acting,
        () => job.handle(payload),
      )
      if (WAKES_MINT.has(job.topic)) minting.wake()
    },
  })
  const bell = openBell({ databaseUrl: deps.databaseUrl, redisUrl: deps.redisUrl, jobs: jobs.map(asWorker), log })
  const relaying = startLoop('relay', stopping.signal, log, async () => {
    let taken = 1
    while (taken > 0 && !stopping.signal.aborted) taken = await relayOutbox(pool, bell.ring)
    return RELAY_MS
  })
  // A loop for each kind: a vendor that hangs holds up its own kind only.
  const sweeping = jobs.map(asWorker).map((job) =>
    startLoop(`sweep ${job.topic}`, stopping.signal, log, async () => {
      await sweepJob(job, log)
      return SWEEP_MS
    }),
  )
  const sealing = startLoop('seal', stopping.signal, log, async () => {
    await sealAudit(pool)
    return SEAL_MS
  })
  const anchoring = startLoop('anchor', stopping.signal, log, async () => {
    await keepMonths(pool, deps.clock())
    await anchorDay(deps)
    return ANCHOR_MS
  })
  const retaining = startLoop('retention', stopping.signal, log, async () => {
    const ended = (await endDue(pool, deps.clock())).filter(({ rows }) => rows > 0)
    if (ended.length > 0) log.info({ ended: ended.map(({ name, rows }) => ({ name, rows })) }, 'Ended data whose time was over')
    return RETENTION_MS
  })
  const listener = await listen(deps.databaseUrl, { outbox: relaying.wake }, relaying.wake)
  return {
    async stop() {
      stopping.abort()
      await Promise.allSettled([
        minting.ended,
        relaying.ended,
        ...[...sweeping, sealing, anchoring, retaining].map(({ ended }) => ended),
        listener.close(),
      ])
      await bell.close()
    },
  }
}

function mintRounds(deps: WorkerDeps): () => Promise<number> {
  let state: CycleState = FIRST_CYCLE
  return async () => {
    state = await runCycle(deps, state)
    return state.isBusy ? MINT_BUSY_MS : MINT_IDLE_MS
  }
}

/** Repeats `round`, which says how long to rest, until stopped; `wake` ends a rest. */
function startLoop(name: string, stop: AbortSignal, log: Log, round: () => Promise<number>) {
  let rest = new AbortController()
  let isWoken = false
  const run = async () => {
    while (!stop.aborted) {
      isWoken = false
      let restMs = AFTER_FAILURE_MS
      try {
        const acting = { actor: 'worker', permission: `loop ${name}`, correlation: randomUUID() }
        restMs = await actAs(() => acting, round)
      } catch (error) {
        log.warn({ loop: name, err: briefly(error) }, 'A round failed and begins anew')
      }
      if (isWoken && restMs !== AFTER_FAILURE_MS) continue
      rest = new AbortController()
      await sleep(restMs, undefined, { signal: AbortSignal.any([stop, rest.signal]) }).catch(() => {})
    }
  }
  return {
    ended: run(),
    wake() {
      isWoken = true
      rest.abort()
    },
  }
}

/** Enough to find the cause; never a request with its headers, which some clients hang on their errors. */
function briefly(error: unknown): { message: string; code?: unknown; stack?: string | undefined } {
  const { message, shortMessage, code, stack } = error as { message: string; shortMessage?: string; code?: unknown; stack?: string }
  return { message: shortMessage ?? message, ...(code !== undefined && { code }), stack: stack?.split('\n').slice(1, 6).join('\n') }
}
