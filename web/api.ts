import type { Failure, Session } from '../common/wire.ts'
import type { SessionStore } from './session.ts'

/** An answer that isn't a success. `code` is the contract (docs/errors.md); `requestId` finds it in the logs. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number
  readonly details: Record<string, unknown>
  readonly requestId: string | null

  constructor(
    code: string,
    message: string,
    options: { status?: number; details?: Record<string, unknown>; requestId?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'ApiError'
    this.code = code
    this.status = options.status ?? 0
    this.details = options.details ?? {}
    this.requestId = options.requestId ?? null
  }
}

/** Asks the person to confirm who they are; true once they have. */
export type AskToConfirm = () => Promise<boolean>

/** One page of a list; `nextCursor` is null at the end. */
export type Page<T> = { items: T[]; nextCursor: string | null; total: number | null }

export type Api = ReturnType<typeof createApi>

/**
 * The one way to the api. Answers come out of their envelope; failures are thrown as `ApiError`.
 * The access token lives in `session` (memory only). On 401 it is renewed once through the HttpOnly cookie and the call repeated;
 * calls that fail together share one renewal. On CONFIRM_REQUIRED the person is asked, and the call repeated once they have confirmed.
 * @param base origin and prefix, e.g. "/api/v1"
 */
export function createApi(base: string, session: SessionStore) {
  let renewal: Promise<boolean> | null = null
  let askToConfirm: AskToConfirm | null = null

  function renew(): Promise<boolean> {
    renewal ??= fetchEnvelope<Session>(base, 'POST', '/auth/refresh', { body: {} })
      .then(({ data }) => {
        session.signIn(data)
        return true
      })
      .catch((error: unknown) => {
        // A server that can't be reached says nothing about the session: keep it and let the caller see the error.
        if (!(error instanceof ApiError) || error.status < 400 || error.status >= 500) throw error
        session.signOut('expired')
        return false
      })
      .finally(() => {
        renewal = null
      })
    return renewal
  }

  async function call<T>(method: string, path: string, options: CallOptions = {}) {
    try {
      return await callOnce<T>(method, path, options)
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'CONFIRM_REQUIRED' || !(await askToConfirm?.())) throw error
      return await callOnce<T>(method, path, options)
    }
  }

  async function callOnce<T>(method: string, path: string, options: CallOptions = {}) {
    const token = session.accessToken()
    try {
      return await fetchEnvelope<T>(base, method, path, { ...options, token })
    } catch (error) {
      if (!token || !(error instanceof ApiError) || !SESSION_OVER.has(error.code)) throw error
      // Somebody else may have renewed it meanwhile; then the new one is worth a try at once.
      if (session.accessToken() === token && !(await renew())) throw error
      return await fetchEnvelope<T>(base, method, path, { ...options, token: session.accessToken() })
    }
  }

  return {
    session,
    async get<T>(path: string, signal?: AbortSignal): Promise<T> {
      return (await call<T>('GET', path, signal ? { signal } : {})).data
    },
    async page<T>(path: string, signal?: AbortSignal): Promise<Page<T>> {
      const { data, meta } = await call<T[]>('GET', path, signal ? { signal } : {})
      return { items: data, nextCursor: meta.nextCursor ?? null, total: meta.total ?? null }
    },
    async send<T>(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, idempotencyKey?: string): Promise<T> {
      return (await call<T>(method, path, { body, ...(idempotencyKey && { idempotencyKey }) })).data
    },
    /** A file that the api gives out, asked for like everything else. */
    async download(path: string): Promise<Blob> {
      return (await call<Blob>('GET', path, { isFile: true })).data
    },
    /** Who asks the person to confirm; null when nobody can. */
    confirmBy(ask: AskToConfirm | null) {
      askToConfirm = ask
    },
    /** Picks the session up again after a reload, if this browser had one. */
    async resume(): Promise<void> {
      if (session.state().kind !== 'checking') return
      await renew().catch(() => session.signOut('unreachable'))
    },
  }
}

/** The codes that a new access token may help against; other 401s are about what was typed. */
const SESSION_OVER = new Set(['UNAUTHENTICATED', 'SESSION_REVOKED'])

type CallOptions = { isFile?: boolean; body?: unknown; token?: string | null; idempotencyKey?: string; signal?: AbortSignal }
type Envelope<T> = { success: true; data: T; meta: { nextCursor?: string | null; total?: number } }

async function fetchEnvelope<T>(base: string, method: string, path: string, options: CallOptions): Promise<Envelope<T>> {
  const { body, token, idempotencyKey, signal } = options
  let response: Response
  try {
    response = await fetch(base + path, {
      method,
      credentials: 'same-origin',
      headers: {
        accept: 'application/json',
        // A form names its type with the mark between its parts: the browser knows it.
        ...(body !== undefined && !(body instanceof FormData) && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
      },
      ...(body !== undefined && { body: body instanceof FormData ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiError('OFFLINE', 'The server could not be reached.', { cause })
  }
  if (options.isFile && response.ok) return { success: true, data: (await response.blob()) as T, meta: {} }
  if (response.status === 204) return { success: true, data: undefined as T, meta: {} }
  const answer = (await response.json().catch(() => null)) as Envelope<T> | Failure | null
  if (answer?.success === true) return answer
  if (answer?.success === false) {
    throw new ApiError(answer.error.code, answer.error.message, {
      status: response.status,
      details: answer.error.details,
      requestId: answer.meta.requestId,
    })
  }
  throw new ApiError('INTERNAL', `The server answered ${response.status} without saying why.`, { status: response.status })
}
