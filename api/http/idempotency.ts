import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../common/errors.ts'
import { signedIn } from './auth.ts'
import type { App, Deps } from './deps.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller's Idempotency-Key, in scopes that `requireIdempotencyKey` was called in. */
    idempotencyKey: string
  }
}

/** After so long without an answer the first try is taken for dead and the same key may run again. */
const ABANDONED_MS = 60_000

/**
 * Makes every POST of this scope carry an Idempotency-Key (1–255 printable ASCII characters) and answers a repeat with the first answer.
 * Only success is remembered: after a refusal the same key may try again. Call it after `authenticate`, in the same scope.
 */
export function requireIdempotencyKey(app: App, deps: Deps): void {
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST') return
    const key = request.headers['idempotency-key']
    if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
      throw new AppError('IDEMPOTENCY_KEY_REQUIRED', 'Send an Idempotency-Key header: 1 to 255 printable characters, new for each intent')
    }
    const kept = await claim(deps, request, key)
    if (kept) return reply.code(kept.status).header('idempotent-replayed', 'true').send(kept.response)
    request.idempotencyKey = key
  })
  app.addHook('onSend', async (request, reply, payload) => {
    if (!request.idempotencyKey) return
    await settle(deps, request, reply, payload)
  })
}

/** Takes the key for this request, or returns the answer it already led to. */
async function claim(deps: Deps, request: FastifyRequest, key: string): Promise<{ status: number; response: unknown } | undefined> {
  const { accountId } = signedIn(request)
  const route = `${request.method} ${request.url.split('?')[0]}`
  const hash = createHash('sha256')
    .update(JSON.stringify([route, canonical(request.body)]))
    .digest()
  const now = deps.clock()
  const taken = await deps.pool.query(
    `insert into app.idempotency_key (account_id, key, route, request_hash, created_at) values ($1, $2, $3, $4, $5)
     on conflict (account_id, key) do update set created_at = excluded.created_at
     where idempotency_key.status is null
       and idempotency_key.request_hash = excluded.request_hash
       and idempotency_key.created_at < $6`,
    [accountId, key, route, hash, now, new Date(now.getTime() - ABANDONED_MS)],
  )
  if (taken.rowCount === 1) return undefined
  const { rows } = await deps.pool.query<{ requestHash: Buffer; status: number | null; response: unknown }>(
    `select request_hash as "requestHash", status, response from app.idempotency_key where account_id = $1 and key = $2`,
    [accountId, key],
  )
  const row = rows[0]
  if (row && !row.requestHash.equals(hash)) {
    throw new AppError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used for another request. Use a new one')
  }
  if (row?.status == null) throw new AppError('IDEMPOTENCY_IN_PROGRESS', 'The first request with this Idempotency-Key is still running')
  return { status: row.status, response: row.response }
}

async function settle(deps: Deps, request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<void> {
  const id = [signedIn(request).accountId, request.idempotencyKey]
  if (reply.statusCode < 300 && typeof payload === 'string') {
    await deps.pool.query('update app.idempotency_key set status = $3, response = $4 where account_id = $1 and key = $2', [
      ...id,
      reply.statusCode,
      payload,
    ])
  } else {
    await deps.pool.query('delete from app.idempotency_key where account_id = $1 and key = $2 and status is null', id)
  }
}

/** The same object with its keys in order, so that two clients' JSON of one meaning has one hash. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, canonical(inner)]),
  )
}
