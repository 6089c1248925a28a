/** Keeps from asking somebody who doesn't answer, so that who waits is told at once and the other side can get up again. */
export interface Breaker {
  name: string
  /** Makes a call, or refuses to. @throws VendorAwayError without making it; else what the call throws */
  run<T>(call: () => Promise<T>, options?: RunOptions<T>): Promise<T>
  state(): BreakerState
}

export interface BreakerState {
  vendor: string
  state: 'closed' | 'open' | 'probing'
  /** Failures within the window that counts. */
  failures: number
  /** Before this nothing is asked. */
  openUntil: Date | null
}

export interface RunOptions<T> {
  /** Whether an error says that the vendor is away; by default any, but an answer of 400 to 499. */
  isAway?: (error: unknown) => boolean
  /** Whether an answer says so too. */
  isBad?: (answer: T) => boolean
}

export interface BreakerSettings {
  clock: () => Date
  onChange?: (state: BreakerState) => void
}

/** So many failures within the window open it for a while; then so many calls in a row have to work before it closes. */
const FAILURES = 5
const WINDOW_MS = 30_000
const OPEN_MS = 30_000
const PROBES = 3

/** The call wasn't made: the vendor failed too often within the last half minute. Try again later. */
export class VendorAwayError extends Error {
  readonly code = 'VENDOR_AWAY'

  constructor(vendor: string) {
    super(`${vendor} failed too often and is not asked for now`)
    this.name = 'VendorAwayError'
  }
}

/** What a vendor answered instead of what was asked; only the status, for answers repeat what was sent. */
export class VendorAnswerError extends Error {
  readonly status: number | undefined

  constructor(vendor: string, status: number | undefined, otherwise = 'nothing') {
    super(`${vendor} answered ${status ?? otherwise}`)
    this.name = 'VendorAnswerError'
    this.status = status
  }
}

export function openBreaker(name: string, { clock, onChange }: BreakerSettings): Breaker {
  let failedAt: number[] = []
  let openUntil: number | null = null
  let probing = 0
  let worked = 0

  const recent = (now: number) => failedAt.filter((at) => now - at < WINDOW_MS)
  const state = (): BreakerState => {
    const now = clock().getTime()
    return {
      vendor: name,
      state: openUntil === null ? 'closed' : now < openUntil ? 'open' : 'probing',
      failures: recent(now).length,
      openUntil: openUntil === null ? null : new Date(openUntil),
    }
  }

  function enter(now: number): { isProbe: boolean; round: number | null } {
    if (openUntil === null) return { isProbe: false, round: null }
    if (now < openUntil || probing + worked >= PROBES) throw new VendorAwayError(name)
    probing++
    return { isProbe: true, round: openUntil }
  }
  function open(now: number) {
    openUntil = now + OPEN_MS
    failedAt = []
    probing = 0
    worked = 0
    onChange?.(state())
  }
  function leave({ isProbe, round }: { isProbe: boolean; round: number | null }, hasFailed: boolean) {
    // What began before it opened, or in an earlier round, says nothing about now.
    if (openUntil !== round) return
    const now = clock().getTime()
    if (isProbe) probing--
    if (hasFailed) {
      failedAt = [...recent(now), now]
      if (isProbe || failedAt.length >= FAILURES) open(now)
      return
    }
    if (!isProbe || ++worked < PROBES) return
    openUntil = null
    worked = 0
    onChange?.(state())
  }

  return {
    name,
    state,
    async run(call, { isAway = isOutage, isBad = () => false } = {}) {
      const entry = enter(clock().getTime())
      let answer: Awaited<ReturnType<typeof call>>
      try {
        answer = await call()
      } catch (error) {
        leave(entry, isAway(error))
        throw error
      }
      leave(entry, isBad(answer))
      return answer
    },
  }
}

/** As `fetch`, by a breaker: no answer is a failure, and so is one of 500 and above. */
export function guardFetch(breaker: Breaker, plain: typeof fetch = fetch): typeof fetch {
  return (input, init) => breaker.run(() => plain(input, init), { isBad: ({ status }) => status >= 500 })
}

/** An answer of 400 to 499, in the error or its cause, means that somebody is there. */
function isOutage(error: unknown): boolean {
  const { status, cause } = error as { status?: unknown; cause?: { status?: unknown } }
  const answered = status ?? cause?.status
  return !(typeof answered === 'number' && answered >= 400 && answered < 500)
}
