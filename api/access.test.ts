import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import type { Role } from '../common/wire.ts'
import { addTotp } from './factors/testing.ts'
import { isStaff } from './http/roles.ts'
import type { TableRow } from './http/route-table.ts'
import { startTestApi, type TestApi } from './testing.ts'

/** Routes that ask nobody who they are, and why that is right. A new one fails here until it is put down. */
const PUBLIC: Record<string, string> = {
  'GET /health': 'for load balancers',
  'GET /ready': 'for load balancers',
  'GET /openapi.json': 'the description of the api',
  'GET /api/v1/config': 'addresses of public contracts',
  'GET /ipfs/:cid': 'public documents by their hash',
  'GET /metadata/:hex': 'public metadata by its hash',
  'GET /ws/portfolio': 'asks for a ticket instead',
  'GET /api/v1/ws/portfolio': 'asks for a ticket instead',
  'POST /api/v1/users/register': 'how one comes to be somebody',
  'POST /api/v1/users/login': 'asks for the password',
  'POST /api/v1/auth/password/forgot': 'the way back in',
  'POST /api/v1/auth/password/reset': 'asks for the secret of a link that was mailed',
  'POST /api/v1/auth/email/confirm': 'asks for the secret of a link that was mailed',
  'POST /api/v1/auth/refresh': 'asks for the refresh token',
  'POST /api/v1/auth/logout': 'asks for the refresh token',
  'POST /api/v1/auth/siwe/nonce': 'a challenge, good for nothing alone',
  'POST /api/v1/auth/siwe/verify': 'asks for a signature',
  'POST /api/v1/auth/factor/options': 'asks for the first step',
  'POST /api/v1/auth/factor': 'asks for the first step and a factor',
  'POST /api/v1/auth/passkey/options': 'a challenge, good for nothing alone',
  'POST /api/v1/auth/passkey': 'asks for a passkey',
  'POST /api/v1/webhooks/stripe': 'asks for the vendor’s signature',
  'POST /api/v1/webhooks/onfido': 'asks for the vendor’s signature',
  'POST /api/v1/webhooks/sumsub': 'asks for the vendor’s signature',
}
/** Files for people: the description’s own page, and the web app. */
const FILES = /^\/docs(\/|$)|^\/(\*|assets\/\*)?$/

/** Routes by an id that belongs to somebody: `make` makes one of the owner's, `body` is one that the schema takes. */
const OWNED: Record<string, { kind: 'session' | 'passkey' | 'investment' | 'draft'; body?: unknown }> = {
  'DELETE /api/v1/auth/sessions/:id': { kind: 'session' },
  'PUT /api/v1/auth/passkeys/:id': { kind: 'passkey', body: { name: 'Renamed' } },
  'GET /api/v1/investments/:id': { kind: 'investment' },
  'POST /api/v1/investments/:id/cancel': { kind: 'investment' },
  'GET /api/v1/projects/:id': { kind: 'draft' },
  'GET /api/v1/projects/:id/documents': { kind: 'draft' },
  'GET /api/v1/projects/:id/updates': { kind: 'draft' },
  'PUT /api/v1/projects/:id': { kind: 'draft', body: { name: 'Renamed' } },
  'POST /api/v1/projects/:id/updates': { kind: 'draft', body: { kind: 'progress', title: 't', content: 'c' } },
  'POST /api/v1/projects/:id/submit': { kind: 'draft' },
}
/** Routes by an id whose owner is tried elsewhere, or that belong to nobody. */
const NOT_OWNED: Record<string, string> = {
  'PUT /api/v1/users/consents/:kind': 'a kind of text, the same for everybody',
  'DELETE /api/v1/auth/passkeys/:id': 'asks for a factor before it looks: factors/passkeys.test.ts',
  'GET /api/v1/review/cases/:id': 'of the staff: review/review.test.ts',
  'POST /api/v1/review/cases/:id/assign': 'of the staff: review/review.test.ts',
  'POST /api/v1/review/cases/:id/propose': 'of the staff: review/review.test.ts',
  'POST /api/v1/review/cases/:id/confirm': 'of the staff: review/review.test.ts',
  'POST /api/v1/review/cases/:id/return': 'of the staff: review/review.test.ts',
  'POST /api/v1/projects/:id/documents': 'takes a form: projects/issuer.test.ts',
  'GET /api/v1/projects/:id/holders': 'of projects on chain, which everybody sees',
  'GET /api/v1/projects/:id/eligibility': 'of open projects, which everybody sees',
}

const ROLES: Role[] = ['investor', 'issuer', 'dao', 'operator', 'analyst', 'support', 'compliance', 'admin', 'super_admin']
/** What a scope refuses with, before anything else is looked at. */
const REFUSALS = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'FACTOR_REQUIRED'])

describe('who may call what', () => {
  let api: TestApi
  let table: TableRow[]
  const nameOf = ({ method, url }: TableRow) => `${method} ${url}`
  const isOfApi = ({ method, url }: TableRow) => !(method === 'GET' && FILES.test(url))
  before(async () => {
    api = await startTestApi()
    table = api.app.routeTable().filter((row) => isOfApi(row) && row.method !== 'OPTIONS')
  })
  after(() => api.close())

  /** Calls a route so that nothing comes of it: with a field that no schema knows, and with ids of nothing. */
  async function knock({ method, url, hasBody }: TableRow, token?: string): Promise<string> {
    const path = url.replace('/projects/:id', '/projects/16000000').replace(':id', '00000000-0000-4000-8000-000000000000')
    const body = hasBody ? { no_such_field: true } : undefined
    const response = await api.call(method as 'GET', `${path}?no_such_field=1`, body, token, { 'idempotency-key': crypto.randomUUID() })
    const code = response.statusCode < 400 ? 'let in' : response.json().error.code
    return REFUSALS.has(code) ? code : 'let in'
  }

  it('is declared by the scope of each route, or the route is on the list of public ones', () => {
    const undeclared = table.filter(({ access }) => access === undefined).map(nameOf)
    expect(undeclared.sort()).to.deep.equal(Object.keys(PUBLIC).sort())
    expect(table.length).to.be.greaterThan(Object.keys(PUBLIC).length + 20)
  })

  it('is held for who is nobody: declared routes ask, unless they say that one need not be signed in', async () => {
    for (const row of table.filter(({ access }) => access !== undefined))
      expect(await knock(row), nameOf(row)).to.equal(row.access!.optional ? 'let in' : 'UNAUTHENTICATED')
  })

  for (const role of ROLES) {
    for (const hasFactor of isStaff(role) ? [false, true] : [false]) {
      it(`is held for ${role} ${hasFactor ? 'with' : 'without'} a second factor`, async () => {
        const email = `${role.replace('_', '')}${hasFactor}@access.example`
        const { accessToken, user } = role === 'issuer' ? await api.registerIssuer('Access') : await api.register(email)
        if (hasFactor) await addTotp(api, accessToken)
        await api.db.admin.query('update app.account set role = $2 where id = $1', [user.id, role])
        for (const row of table) {
          const { access } = row
          // What ends the session or changes the factors comes last; these have tests of their own.
          if (access === undefined || (row.method === 'POST' && row.url.endsWith('/auth/totp'))) continue
          const isForbidden = access.roles !== undefined && !access.roles.includes(role)
          const isLocked = isStaff(role) && !hasFactor && !access.enrolling
          const expected = isForbidden ? 'FORBIDDEN' : isLocked ? 'FACTOR_REQUIRED' : 'let in'
          expect(await knock(row, accessToken), nameOf(row)).to.equal(expected)
        }
      })
    }
  }

  it('covers every route by an id', () => {
    const byId = table.filter(({ access, url }) => access !== undefined && url.includes(':')).map(nameOf)
    expect(byId.sort()).to.deep.equal([...Object.keys(OWNED), ...Object.keys(NOT_OWNED)].sort())
  })

  for (const [name, { kind, body }] of Object.entries(OWNED)) {
    it(`lets the owner use ${name}, and shows strangers nothing there`, async () => {
      const issuer = async () => api.registerIssuer(`Issuer ${crypto.randomUUID().replace(/[^a-f]/g, '')}`)
      const person = async () => ({ ...(await api.register(`${crypto.randomUUID()}@access.example`)), issuerId: '' })
      const [owner, stranger] = kind === 'draft' ? [await issuer(), await issuer()] : [await person(), await person()]
      const id = await make(kind, owner)
      const [method, url] = name.split(' ') as ['GET', string]
      const call = (token: string | undefined) => api.call(method, url.replace(':id', id), body, token)
      const refused = await call(stranger.accessToken)
      expect(refused.statusCode, refused.body).to.equal(404)
      expect((await call(undefined)).statusCode).to.be.oneOf([401, 404])
      const taken = await call(owner.accessToken)
      expect(taken.statusCode, taken.body).to.not.be.oneOf([401, 403, 404])
    })
  }

  async function make(kind: string, owner: { user: { id: string }; accessToken: string; issuerId: string }): Promise<string> {
    const insert = async (sql: string, ...values: unknown[]) => String((await api.db.admin.query(sql, values)).rows[0].id)
    if (kind === 'session') return (await api.call('GET', 'auth/sessions', undefined, owner.accessToken)).json().data[0].id
    if (kind === 'passkey')
      return insert(
        `insert into app.passkey (account_id, credential_id, public_key, counter, transports, is_synced, name, created_at)
         values ($1, gen_random_uuid()::text, '', 0, '{}', false, 'Key', now()) returning id`,
        owner.user.id,
      )
    const issuerId =
      kind === 'draft' ? owner.issuerId : (await api.registerIssuer(`Of ${crypto.randomUUID().replace(/[^a-f]/g, '')}`)).issuerId
    const projectId = await insert(
      `insert into app.project (issuer_id, slug, name, summary, description, technology, build_status, country, city, latitude, longitude,
         capacity_kw, annual_mwh, unit_price_cents, units_offered, expected_return_bps, exit_years, exit_target_per_unit, submitted_at)
       values ($1, 'slug-' || gen_random_uuid(), 'n', 's', 'd', 'wind', 'operating', 'DE', 'Kiel', 54, 10, 1, 1, 1000, 100, 500, 10, 0,
         case when $2 then null else now() end)
       returning project_id as id`,
      issuerId,
      kind === 'draft',
    )
    if (kind === 'draft') return projectId
    return insert(
      `insert into app.investment (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents,
         currency, state, reserved_until, created_at, updated_at)
       values (gen_random_uuid(), '0x' || md5(random()::text) || md5(random()::text), $1, $2, $3, '0x' || repeat('a1', 20), 1, 1000, 1000,
         'USD', 'awaiting_payment', now() + interval '1 hour', now(), now())
       returning id`,
      owner.user.id,
      projectId,
      issuerId,
    )
  }
})
