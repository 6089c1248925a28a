import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { expect } from 'chai'
import { ApiError, createApi } from './api.ts'
import { createSessionStore } from './session.ts'

const user = {
  id: 'u',
  investorId: '1',
  email: 'a@b.c',
  isEmailProven: false,
  displayName: null,
  country: null,
  role: 'investor',
  permissions: [] as never[],
  kyc: 'none',
  wallet: null,
  registeredOnChain: false,
  issuerId: null,
  createdAt: '',
} as const
const meta = { timestamp: '', version: '1', requestId: 'r-1' }
const servers: ReturnType<typeof createServer>[] = []
after(() => {
  for (const server of servers) server.close()
})

async function start(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handle).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function answer(response: ServerResponse, status: number, body: object) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ meta, ...body }))
}

const session = (accessToken: string) => ({ success: true, data: { accessToken, refreshToken: '', expiresIn: 3600, user } })
const refused = { success: false, error: { code: 'UNAUTHENTICATED', message: 'Token expired.', details: {} } }

function memory() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value) as never,
    removeItem: (key: string) => kept.delete(key) as never,
  }
}

test('a failure becomes an error with its code, its details and the request number', async () => {
  const base = await start((_, response) =>
    answer(response, 422, { success: false, error: { code: 'LIMIT_MIN', message: 'At least $10.', details: { minCents: '1000' } } }),
  )
  const error = await createApi(base, createSessionStore(memory()))
    .get('/x')
    .catch((error: unknown) => error)
  expect(error).to.be.instanceOf(ApiError)
  expect(error).to.deep.include({ code: 'LIMIT_MIN', status: 422, details: { minCents: '1000' }, requestId: 'r-1' })
})

test('a server that cannot be reached is told apart from one that refuses', async () => {
  const error = await createApi('http://127.0.0.1:1', createSessionStore(memory()))
    .get('/x')
    .catch((error: unknown) => error)
  expect(error).to.include({ code: 'OFFLINE' })
})

test('calls that meet an expired token together renew it once and are all repeated', async () => {
  let renewals = 0
  const base = await start((request, response) => {
    if (request.url === '/auth/refresh') {
      renewals++
      return answer(response, 200, session('fresh'))
    }
    return request.headers.authorization === 'Bearer fresh'
      ? answer(response, 200, { success: true, data: request.url })
      : answer(response, 401, refused)
  })
  const store = createSessionStore(memory())
  store.signIn(session('stale').data)
  const api = createApi(base, store)
  expect(await Promise.all([api.get('/a'), api.get('/b'), api.get('/c')])).to.deep.equal(['/a', '/b', '/c'])
  expect(renewals).to.equal(1)
})

test('a session that cannot be renewed ends, and the page is told why', async () => {
  const base = await start((_, response) => answer(response, 401, refused))
  const store = createSessionStore(memory())
  store.signIn(session('stale').data)
  const error = await createApi(base, store)
    .get('/a')
    .catch((error: unknown) => error)
  expect(error).to.include({ code: 'UNAUTHENTICATED' })
  expect(store.state()).to.deep.equal({ kind: 'anonymous', why: 'expired' })
})

test('a visitor who never signed in is not asked to renew anything', async () => {
  let calls = 0
  const base = await start((_, response) => {
    calls++
    answer(response, 200, session('x'))
  })
  await createApi(base, createSessionStore(memory())).resume()
  expect(calls).to.equal(0)
})

test('after a reload the session comes back through the cookie', async () => {
  const storage = memory()
  createSessionStore(storage).signIn(session('old').data)
  const base = await start((_, response) => answer(response, 200, session('new')))
  const store = createSessionStore(storage)
  expect(store.state().kind).to.equal('checking')
  await createApi(base, store).resume()
  expect(store.state()).to.deep.equal({ kind: 'signed_in', user })
  expect(store.accessToken()).to.equal('new')
})

test('a list page comes with its cursor', async () => {
  const base = await start((_, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ success: true, data: [1, 2], meta: { ...meta, nextCursor: 'c', total: 9 } }))
  })
  expect(await createApi(base, createSessionStore(memory())).page('/list')).to.deep.equal({ items: [1, 2], nextCursor: 'c', total: 9 })
})
