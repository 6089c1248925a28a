import type { FastifyRequest } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { type ErrorCode, STATUS } from '../../common/errors.ts'
import { Envelope, Failure } from '../../common/wire.ts'

/** Version of the wire format, in every answer's meta. */
export const API_VERSION = '1.0.0'

declare module 'fastify' {
  interface FastifyInstance {
    clock: () => Date
  }
}

/** Extra meta of a page: where the next one begins (null: this was the last) and how many rows there are in all. */
export interface PageMeta {
  nextCursor?: string | null
  total?: number
}

/** Wraps what a route found in the success envelope. */
export function answer<T>(request: FastifyRequest, data: T, page: PageMeta = {}) {
  return { success: true as const, data, meta: { ...metaOf(request), ...page } }
}

/** The failure envelope. */
export function failure(request: FastifyRequest, code: ErrorCode, message: string, details: Record<string, unknown>): Failure {
  return { success: false, error: { code, message, details }, meta: metaOf(request) }
}

function metaOf(request: FastifyRequest) {
  return { timestamp: request.server.clock().toISOString(), version: API_VERSION, requestId: request.id }
}

/** What any route may answer besides its own codes. */
const COMMON: readonly ErrorCode[] = ['VALIDATION', 'TRY_LATER', 'INTERNAL', 'NOT_READY']

/** The `response` of a route: the envelope of `data` under 200, and the failure envelope under the status of each code. */
export function responses<T extends TSchema>(data: T, ...codes: ErrorCode[]): { 200: ReturnType<typeof Envelope<T>> } {
  return { 200: Envelope(data), ...failures(codes) } as never
}

/** The same for a route that creates something: 201. */
export function created<T extends TSchema>(data: T, ...codes: ErrorCode[]): { 201: ReturnType<typeof Envelope<T>> } {
  return { 201: Envelope(data), ...failures(codes) } as never
}

/** The failure envelope under the status of each code. */
export function failures(codes: readonly ErrorCode[]) {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of new Set([...codes, ...COMMON])) byStatus.set(STATUS[code], [...(byStatus.get(STATUS[code]) ?? []), code])
  return Object.fromEntries(
    [...byStatus].map(([status, list]) => [status, Type.Object(Failure.properties, { description: list.join(', ') })]),
  )
}
