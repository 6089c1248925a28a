import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Failure } from '../../common/wire.ts'
import { startTestApi, type TestApi } from '../testing.ts'

describe('every answer', () => {
  let api: TestApi
  let web: string
  before(async () => {
    web = await mkdtemp(join(tmpdir(), 'terra-web-'))
    await mkdir(join(web, 'assets'))
    await writeFile(join(web, 'index.html'), '<!doctype html><title>Terra Lumina</title>')
    await writeFile(join(web, 'assets', 'app-1234.js'), 'export {}')
    api = await startTestApi({ settings: { webFolder: web } })
  })
  after(async () => {
    await api.close()
    await rm(web, { recursive: true })
  })

  const raw = (payload: string | Buffer, headers: Record<string, string> = {}) =>
    api.call('POST', 'users/login', payload, undefined, headers)

  it('has the envelope, with time, version and request id', async () => {
    const response = await api.call('GET', 'config')
    const { success, data, meta } = response.json()
    expect(success).to.equal(true)
    expect(data).to.deep.include({ chainId: 31337, siweDomain: 'localhost:3000', payoutTokenSymbol: 'USDC' })
    expect(meta).to.include({ version: '1.0.0', timestamp: api.clock.now.toISOString(), requestId: response.headers['x-request-id'] })
  })

  it('keeps the caller’s request id when it is a harmless word', async () => {
    const idOf = async (id: string) => (await api.call('GET', 'config', undefined, undefined, { 'x-request-id': id })).json().meta.requestId
    expect(await idOf('trace-0123456789')).to.equal('trace-0123456789')
    expect(await idOf('no spaces allowed')).to.match(/^[0-9a-f-]{36}$/)
    expect(await idOf('x'.repeat(129))).to.match(/^[0-9a-f-]{36}$/)
  })

  for (const [what, payload, code, status] of [
    ['cut-off JSON', '{"email":', 'BAD_JSON', 400],
    ['a byte-order mark', Buffer.from('\uFEFF{}'), 'BAD_JSON', 400],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'BAD_JSON', 400],
    ['JSON nested ten thousand deep', `${'['.repeat(10_000)}${']'.repeat(10_000)}`, 'VALIDATION', 400],
    ['a list for an object', '[]', 'VALIDATION', 400],
    ['a text for an object', '"x"', 'VALIDATION', 400],
    ['__proto__', '{"email":"a@b.cc","password":"x","__proto__":{"role":"admin"}}', 'UNKNOWN_FIELD', 422],
    ['constructor.prototype', '{"email":"a@b.cc","password":"x","constructor":{"prototype":{}}}', 'UNKNOWN_FIELD', 422],
    ['an unknown field', '{"email":"a@b.cc","password":"x","status":"paid"}', 'UNKNOWN_FIELD', 422],
    ['more than a megabyte', JSON.stringify({ email: 'x'.repeat(1_100_000) }), 'BODY_TOO_LARGE', 413],
  ] as const) {
    it(`to ${what} is ${code} in the envelope`, async () => {
      const response = await raw(payload)
      expect(response.statusCode).to.equal(status)
      expect(Value.Check(Failure, response.json())).to.equal(true)
      expect(response.json().error.code).to.equal(code)
    })
  }

  it('to another content type is MEDIA_TYPE', async () => {
    const response = await raw('<xml/>', { 'content-type': 'text/xml' })
    expect(response.statusCode).to.equal(415)
    expect(response.json().error.code).to.equal('MEDIA_TYPE')
  })

  it('to an address that is none is refused in the envelope', async () => {
    const response = await api.app.inject({ method: 'GET', url: '/api/v1/projects/%zz' })
    expect(response.statusCode).to.equal(400)
    expect(response.json().error.code).to.equal('VALIDATION')
  })

  it('to an unknown route is NOT_FOUND, also for a browser under /api', async () => {
    for (const accept of ['application/json', 'text/html']) {
      const response = await api.call('GET', 'nothing', undefined, undefined, { accept })
      expect(response.statusCode).to.equal(404)
      expect(response.json().error.code).to.equal('NOT_FOUND')
    }
  })

  for (const url of [
    'projects/abc',
    'projects/0',
    'projects/99999999999',
    "projects/1'%20or%201=1",
    'projects/1.5',
    'projects?limit=1e9',
    'projects?limit=-1',
    'projects?sort=__proto__',
    'projects?state=gone',
    'auth/sessions/not-a-uuid',
  ]) {
    it(`to ${url} is VALIDATION`, async () => {
      const { accessToken } = url.startsWith('auth') ? await api.register('bad-id@example.com') : { accessToken: undefined }
      const response = await api.call(url.startsWith('auth') ? 'DELETE' : 'GET', url, undefined, accessToken)
      expect(response.statusCode).to.equal(400)
      expect(response.json().error.code).to.equal('VALIDATION')
    })
  }

  it('to an offset is UNKNOWN_FIELD', async () => {
    expect((await api.call('GET', 'projects?offset=-1')).json().error.code).to.equal('UNKNOWN_FIELD')
  })

  it('carries strict security headers', async () => {
    const { headers } = await api.app.inject({ method: 'GET', url: '/', headers: { accept: 'text/html' } })
    const policy = String(headers['content-security-policy'])
    expect(policy).to.include("default-src 'self'").and.to.include("frame-ancestors 'none'").and.to.include("object-src 'none'")
    expect(policy).to.include("connect-src 'self' ws://localhost:3000 http://localhost:8545 https://vendor.example")
    expect(policy)
      .to.include("frame-src 'self' https://vendor.example")
      .and.not.to.match(/script-src[^;]*vendor/)
    expect(policy).not.to.include('unsafe')
    expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
  })

  it('to a page request is the web app, to its assets a copy to keep for ever', async () => {
    for (const url of ['/', '/projects/7', '/some/deep/page']) {
      const page = await api.app.inject({ method: 'GET', url, headers: { accept: 'text/html,*/*' } })
      expect(page.statusCode).to.equal(200)
      expect(page.body).to.include('Terra Lumina')
      expect(page.headers['cache-control']).to.equal('no-cache')
    }
    const asset = await api.app.inject({ method: 'GET', url: '/assets/app-1234.js' })
    expect(asset.headers['cache-control']).to.equal('public, max-age=31536000, immutable')
    const gone = await api.app.inject({ method: 'GET', url: '/assets/app-old.js', headers: { accept: 'text/html' } })
    expect(gone.statusCode).to.equal(404)
    for (const url of ['/../package.json', '/..%2f..%2fpackage.json', '/%2e%2e/package.json']) {
      expect((await api.app.inject({ method: 'GET', url, headers: { accept: '*/*' } })).statusCode).to.be.oneOf([400, 403, 404])
    }
  })

  it('is described in OpenAPI 3.1, with a page for people', async () => {
    const description = (await api.app.inject({ method: 'GET', url: '/openapi.json' })).json()
    expect(description.openapi).to.equal('3.1.0')
    for (const path of ['/api/v1/users/register', '/api/v1/projects/{id}', '/api/v1/portfolio', '/ipfs/{cid}'])
      expect(description.paths).to.have.property(path)
    const page = await api.app.inject({ method: 'GET', url: '/docs/' })
    expect(page.statusCode).to.equal(200)
    expect(page.body).to.include('swagger-ui')
    expect(String(page.headers['content-security-policy'])).not.to.include('unsafe').and.not.to.include('upgrade-insecure-requests')
  })

  it('says that the process lives and that it can serve', async () => {
    expect((await api.app.inject({ method: 'GET', url: '/health' })).json()).to.deep.equal({ status: 'ok' })
    const ready = await api.app.inject({ method: 'GET', url: '/ready' })
    expect(ready.statusCode).to.equal(200)
    expect(ready.json().data).to.include({ status: 'ready', headBlock: null })
  })
})

describe('trouble inside', () => {
  it('is answered without its words, with the id under which it is logged', async () => {
    const api = await startTestApi()
    api.app.get('/broken', { schema: { response: { 200: Type.Object({}) } } }, async () => {
      throw new Error('password=hunter2 at /srv/secret.ts')
    })
    const response = await api.app.inject({ method: 'GET', url: '/broken' })
    expect(response.statusCode).to.equal(500)
    expect(response.json().error.code).to.equal('INTERNAL')
    expect(response.body).not.to.include('hunter2')
    expect(response.json().meta.requestId).to.equal(response.headers['x-request-id'])
    await api.close()
  })

  it('is NOT_READY while the database is away, and over when it is back', async () => {
    const api = await startTestApi()
    after(() => api.close())
    const name = new URL(api.db.adminUrl).pathname.slice(1)
    await api.db.admin.query(`alter database ${name} connection limit 0`)
    await api.db.admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'terra_api'`, [name])
    const away = await api.call('GET', 'projects')
    expect(away.statusCode).to.equal(503)
    expect(away.json().error.code).to.equal('NOT_READY')
    expect((await api.app.inject({ method: 'GET', url: '/ready' })).statusCode).to.equal(503)
    expect((await api.app.inject({ method: 'GET', url: '/health' })).statusCode).to.equal(200)
    await api.db.admin.query(`alter database ${name} connection limit -1`)
    expect((await api.call('GET', 'projects')).statusCode).to.equal(200)
  })

  it('is TRY_LATER after too many requests from one address, whatever it claims to be', async () => {
    const api = await startTestApi({ settings: { rateLimitPerMinute: 5, authRateLimitPerMinute: 2 } })
    const login = (n: number) =>
      api.call('POST', 'users/login', { email: `u${n}@example.com`, password: 'x' }, undefined, { 'x-forwarded-for': `10.0.0.${n}` })
    expect((await login(1)).statusCode).to.equal(401)
    expect((await login(2)).statusCode).to.equal(401)
    const third = await login(3)
    expect(third.statusCode).to.equal(429)
    expect(third.json().error.code).to.equal('TRY_LATER')
    expect(Number(third.headers['retry-after'])).to.be.within(1, 60)
    const codes = []
    for (let i = 0; i < 7; i++) codes.push((await api.call('GET', 'config')).statusCode)
    expect(codes.at(-1)).to.equal(429)
    await api.close()
  })
})
