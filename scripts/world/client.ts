import { setTimeout as sleep } from 'node:timers/promises'

/** What the api said no to: its stable code, so that a caller can decide. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(`${code}: ${message}`)
    this.name = 'ApiError'
    this.code = code
    this.status = status
  }
}

/** One person's program talking to the platform over HTTP: keeps cookies and the access token as a browser would. */
export interface Client {
  get<T>(path: string): Promise<T>
  post<T>(path: string, body?: unknown, options?: { idempotencyKey?: string }): Promise<T>
  put<T>(path: string, body: unknown): Promise<T>
  upload<T>(path: string, file: { name: string; mediaType: string; bytes: Uint8Array }, fields: Record<string, string>): Promise<T>
  /** Sets the access token that later requests carry. */
  signIn(accessToken: string): void
}

/** How often a request that was told to wait, or found nobody listening, is tried again. */
const TRIES = 8

/** `webUrl` is the platform's one origin, e.g. http://localhost:3000. Paths are below /api/v1. */
export function openClient(webUrl: string): Client {
  const cookies = new Map<string, string>()
  let token: string | undefined

  async function request<T>(
    method: string,
    path: string,
    init: { body?: string | FormData; headers?: Record<string, string> } = {},
  ): Promise<T> {
    for (let tries = 1; ; tries++) {
      const response = await fetch(`${webUrl}/api/v1/${path}`, {
        method,
        body: init.body ?? null,
        headers: {
          ...init.headers,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(cookies.size === 0 ? {} : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        },
      })
      for (const line of response.headers.getSetCookie()) keepCookie(cookies, line)
      if ((response.status === 429 || response.status === 503) && tries < TRIES) {
        await response.body?.cancel()
        await sleep(1_000 * Math.min(10, Number(response.headers.get('retry-after') ?? tries)))
        continue
      }
      const answer = (await response.json()) as { success: boolean; data: T; error: { code: string; message: string } }
      if (!answer.success) throw new ApiError(answer.error.code, response.status, `${method} ${path}: ${answer.error.message}`)
      return answer.data
    }
  }

  const json = { 'content-type': 'application/json' }
  return {
    get: (path) => request('GET', path),
    post: (path, body = {}, options = {}) =>
      request('POST', path, {
        body: JSON.stringify(body),
        headers: { ...json, ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }) },
      }),
    put: (path, body) => request('PUT', path, { body: JSON.stringify(body), headers: json }),
    upload(path, file, fields) {
      const form = new FormData()
      for (const [name, value] of Object.entries(fields)) form.set(name, value)
      form.set('file', new Blob([file.bytes as Uint8Array<ArrayBuffer>], { type: file.mediaType }), file.name)
      return request('POST', path, { body: form })
    },
    signIn(accessToken) {
      token = accessToken
    },
  }
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';')
  const at = pair.indexOf('=')
  const name = pair.slice(0, at).trim()
  if (attributes.some((attribute) => /^\s*max-age=0$/i.test(attribute))) cookies.delete(name)
  else cookies.set(name, pair.slice(at + 1))
}
