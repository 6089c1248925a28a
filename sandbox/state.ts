import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Applicant, Check } from '@onfido/api'
import type Stripe from 'stripe'
import type { StoredReport } from './onfido/objects.ts'
import type { Debit } from './stripe/bank-debits.ts'
import type { Session } from './stripe/objects.ts'
import type { SumsubApplicant } from './sumsub/objects.ts'

export interface Remembered {
  /** What was asked, so that the same key with other content is refused. */
  fingerprint: string
  status: number
  body: string
  requestId: string
  at: number
}

export interface Mail {
  id: string
  receivedAt: string
  from: string
  to: string[]
  subject: string
  text: string
}

export type Vendor = 'stripe' | 'onfido' | 'sumsub'

/** One webhook on its way; kept until it is answered with 2xx or given up. */
export interface Delivery {
  id: string
  vendor: Vendor
  /** The vendor's event id, for the log. */
  eventId: string
  type: string
  body: string
  attempts: number
  /** Milliseconds since 1970 before which it is not tried again. */
  nextAt: number
  state: 'waiting' | 'delivered' | 'dropped' | 'given_up'
  lastAnswer: string | null
}

/** Everything the vendors remember, by id in order of creation. */
export interface State {
  sessions: Record<string, Session>
  intents: Record<string, Stripe.PaymentIntent>
  charges: Record<string, Stripe.Charge>
  refunds: Record<string, Stripe.Refund>
  disputes: Record<string, Stripe.Dispute>
  debits: Debit[]
  /** Movements on the account's balance. */
  balance: Record<string, Stripe.BalanceTransaction>
  events: Record<string, Stripe.Event>
  idempotency: Record<string, Remembered>
  applicants: Record<string, Applicant>
  checks: Record<string, Check>
  reports: Record<string, StoredReport>
  sumsubApplicants: Record<string, SumsubApplicant>
  deliveries: Delivery[]
  mails: Mail[]
}

export interface Store {
  state: State
  /** Says that something changed: it is on disk within 100 ms, and after `close` in any case. */
  changed(): void
  close(): void
}

/** Opens the state kept at `path`, or a new one in memory. @throws Error when the file is not JSON */
export function openStore(path?: string): Store {
  const state = { ...emptyState(), ...(path === undefined ? {} : read(path)) }
  let timer: NodeJS.Timeout | undefined

  function save() {
    clearTimeout(timer)
    timer = undefined
    if (path === undefined) return
    // Written beside and renamed, so that a power cut leaves the old file or the new one.
    writeFileSync(`${path}.new`, JSON.stringify(state))
    renameSync(`${path}.new`, path)
  }
  return {
    state,
    changed() {
      timer ??= setTimeout(save, 100)
    },
    close: save,
  }
}

function read(path: string): Partial<State> {
  mkdirSync(dirname(path), { recursive: true })
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  return JSON.parse(text) as Partial<State>
}

function emptyState(): State {
  return {
    sessions: {},
    intents: {},
    charges: {},
    refunds: {},
    disputes: {},
    debits: [],
    balance: {},
    events: {},
    idempotency: {},
    applicants: {},
    checks: {},
    reports: {},
    sumsubApplicants: {},
    deliveries: [],
    mails: [],
  }
}
