import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { openPool } from '../common/node/db.ts'
import { Permission } from '../common/permissions.ts'
import type { Role } from '../common/wire.ts'
import { addTotp } from './factors/testing.ts'
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
  'PUT /api/v1/auth/passkeys/:id': { kind: 'passkey', body: { name: 'Renamed' } },
  'GET /api/v1/investments/:id': { kind: 'investment' },
  'POST /api/v1/investments/:id/cancel': { kind: 'investment' },
  'POST /api/v1/investments/:id/wire': { kind: 'investment' },
  'GET /api/v1/projects/:id': { kind: 'draft' },
  'GET /api/v1/projects/:id/documents': { kind: 'draft' },
  'GET /api/v1/projects/:id/updates': { kind: 'draft' },
  'PUT /api/v1/projects/:id': { kind: 'draft', body: { name: 'Renamed' } },
  'POST /api/v1/projects/:id/updates': { kind: 'draft', body: { kind: 'progress', title: 't', content: 'c' } },
  'POST /api/v1/projects/:id/submit': { kind: 'draft' },
  // Last: it ends the owner's own.
  'DELETE /api/v1/auth/sessions/:id': { kind: 'session' },
}
/** Routes by an id whose owner is tried elsewhere, or that belong to nobody. */
const NOT_OWNED: Record<string, string> = {
  'PUT /api/v1/users/consents/:kind': 'a kind of text, the same for everybody',
  'DELETE /api/v1/wallets/outside/:id': 'tried by a stranger in wallets/outside.test.ts',
  'DELETE /api/v1/auth/passkeys/:id': 'asks for a factor before it looks: factors/passkeys.test.ts',
  'POST /api/v1/wires/:id/confirm': 'of the staff: payments/wires.test.ts',
  'POST /api/v1/wires/:id/return': 'of the staff: payments/wires.test.ts',
  'GET /api/v1/review/cases/:id': 'of the staff: review/review.test.ts',
  'POST /api/v1/review/cases/:id/assign': 'of the staff: review/review.test.ts',
  'POST /api/v1/review/cases/:id/propose': 'of the staff: review/review.test.ts',
  'POST /api/v1/review/cases/:id/confirm': 'of the staff: review/review.test.ts',
  'POST /api/v1/review/cases/:id/return': 'of the staff: review/review.test.ts',
  'PUT /api/v1/issuer/members/:id': 'an account, of the viewer’s issuer or not there: issuers/tenants.test.ts',
  'DELETE /api/v1/issuer/members/:id': 'an account, of the viewer’s issuer or not there: issuers/tenants.test.ts',
  'DELETE /api/v1/issuer/invitations/:id': 'of the viewer’s issuer or not there: issuers/tenants.test.ts',
  'GET /api/v1/review/accreditations/:id': 'of the staff: accreditation/accreditation.test.ts',
  'GET /api/v1/review/accreditation-files/:id': 'of the staff: accreditation/accreditation.test.ts',
  'POST /api/v1/projects/:id/documents': 'takes a form: projects/issuer.test.ts',
  'GET /api/v1/projects/:id/holders': 'of projects on chain, which everybody sees',
  'GET /api/v1/projects/:id/eligibility': 'of open projects, which everybody sees',
}

const ROLES = [
  'investor',
  'issuer',
  'dao',
  'operator',
  'analyst',
  'support',
  'compliance',
  'admin',
  'super_admin',
] as const satisfies Role[]
/** What changes the factors or the role of who calls; these have tests of their own. */
const ENDING = new Set(['POST /api/v1/auth/totp', 'DELETE /api/v1/issuer/membership'])
/** What a scope refuses with, before anything else is looked at. */
const REFUSALS = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'FACTOR_REQUIRED'])

describe('who may call what', () => {
  let api: TestApi
  let table: TableRow[]
  let rolesOfStaff: Set<string>
  /** What each role may do: the rows. */
  let rights: Map<string, Set<string>>
  const nameOf = ({ method, url }: TableRow) => `${method} ${url}`
  const isOfApi = ({ method, url }: TableRow) => !(method === 'GET' && FILES.test(url))
  before(async () => {
    api = await startTestApi()
    rolesOfStaff = new Set((await api.db.admin.query('select code from app.role where is_staff')).rows.map(({ code }) => code))
    rights = new Map(ROLES.map((role) => [role, new Set()]))
    const { rows } = await api.db.admin.query('select role, permission from app.role_permission')
    for (const { role, permission } of rows) rights.get(role)!.add(permission)
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
      expect(await knock(row), nameOf(row)).to.equal(row.access === 'optional' ? 'let in' : 'UNAUTHENTICATED')
  })

  it('asks for rights that are rows, and no row is a right that nothing asks for', async () => {
    const asked = table.flatMap(({ access }) => (access === undefined || access === 'optional' ? [] : [access.permission]))
    const { rows } = await api.db.admin.query('select code from app.permission order by code')
    const codes = rows.map(({ code }) => code)
    expect([...new Set(asked)].sort()).to.deep.equal(codes)
    expect(Permission.anyOf.map((one) => one.const).sort()).to.deep.equal(codes)
    const roles = await api.db.admin.query('select code from app.role order by code')
    expect(roles.rows.map(({ code }) => code)).to.deep.equal([...ROLES].sort())
  })

  for (const role of ROLES) {
    for (const hasFactor of [false, true]) {
      it(`is held for ${role} ${hasFactor ? 'with' : 'without'} a second factor`, async () => {
        const email = `${role.replace('_', '')}${hasFactor}@access.example`
        const { accessToken, user } = role === 'issuer' ? await api.registerIssuer(`Access ${hasFactor}`) : await api.register(email)
        if (hasFactor) await addTotp(api, accessToken)
        await assume(user.id, role)
        for (const row of table) {
          const { access } = row
          if (access === undefined || ENDING.has(nameOf(row))) continue
          const isForbidden = access !== 'optional' && !rights.get(role)!.has(access.permission)
          const isLocked = rolesOfStaff.has(role) && !hasFactor && !(access !== 'optional' && access.enrolling)
          const expected = isForbidden ? 'FORBIDDEN' : isLocked ? 'FACTOR_REQUIRED' : 'let in'
          expect(await knock(row, accessToken), nameOf(row)).to.equal(expected)
        }
      })
    }
  }

  for (const member of ['owner', 'editor', 'viewer']) {
    it(`is held for ${member} inside an issuer: what the role of issuers may, as far as theirs has it too`, async () => {
      const { accessToken, user } = await api.registerIssuer(`Inside ${member}`)
      await api.db.admin.query('update app.issuer_member set role = $2 where account_id = $1', [user.id, member])
      const { rows } = await api.db.admin.query(
        `select p.code from app.permission p
         where not p.is_of_member or exists (select from app.member_role_permission m where m.role = $1 and m.permission = p.code)`,
        [member],
      )
      const left = new Set(rows.map(({ code }) => code))
      expect(left.has('issuer.manage')).to.equal(member === 'owner')
      for (const row of table) {
        const { access } = row
        if (access === undefined || access === 'optional' || ENDING.has(nameOf(row))) continue
        const mayCall = rights.get('issuer')!.has(access.permission) && left.has(access.permission)
        expect(await knock(row, accessToken), nameOf(row)).to.equal(mayCall ? 'let in' : 'FORBIDDEN')
      }
    })
  }

  it('follows the rows at once, for sign-ins that are open too', async () => {
    const { accessToken, user } = await api.register('atonce@access.example')
    await addTotp(api, accessToken)
    await assume(user.id, 'support')
    const desk = async () => (await api.call('GET', 'review/cases', undefined, accessToken)).statusCode
    expect(await desk()).to.equal(403)
    await api.db.admin.query(`insert into app.role_permission (role, permission) values ('support', 'review.work')`)
    expect(await desk()).to.equal(200)
    expect((await api.call('GET', 'users/me', undefined, accessToken)).json().data.permissions).to.include('review.work')
    await api.db.admin.query(`delete from app.role_permission where role = 'support' and permission = 'review.work'`)
    expect(await desk()).to.equal(403)
  })

  it('is not for the api’s own login to change', async () => {
    const own = openPool(api.db.urlOf('terra_api'), { max: 1 })
    for (const sql of [
      `update app.account set role = 'super_admin'`,
      `insert into app.account (role) values ('super_admin')`,
      `insert into app.role_permission (role, permission) values ('investor', 'review.work')`,
      'delete from app.role_permission',
      `update app.role set is_staff = false`,
      `insert into app.permission (code, title) values ('all', 'All')`,
    ])
      expect(
        await own.query(sql).then(
          () => 'taken',
          (error: { code: string }) => error.code,
        ),
        sql,
      ).to.equal('42501')
    await own.end()
  })

  it('covers every route by an id', () => {
    const byId = table.filter(({ access, url }) => access !== undefined && url.includes(':')).map(nameOf)
    expect(byId.sort()).to.deep.equal([...Object.keys(OWNED), ...Object.keys(NOT_OWNED)].sort())
  })

  for (const role of ROLES) {
    it(`lets owners who are ${role} use what is theirs as far as the role may, and shows strangers of the same role nothing there`, async () => {
      const [owner, stranger] = [await enter(role), await enter(role)]
      for (const [name, { kind, body }] of Object.entries(OWNED)) {
        const { access } = table.find((row) => nameOf(row) === name)!
        const mayCall = access === 'optional' || rights.get(role)!.has(access!.permission)
        const id = await make(kind, owner)
        const [method, url] = name.split(' ') as ['GET', string]
        const call = async (token: string | undefined) => (await api.call(method, url.replace(':id', id), body, token)).statusCode
        expect(await call(stranger.accessToken), `stranger: ${name}`).to.equal(mayCall ? 404 : 403)
        expect(await call(undefined), `nobody: ${name}`).to.be.oneOf([401, 404])
        const status = await call(owner.accessToken)
        // Who acts for an issuer sees its drafts by that, whatever the role.
        if (mayCall) expect(status, `owner: ${name}`).to.not.be.oneOf([401, 403, 404])
        else expect(status, `owner: ${name}`).to.equal(403)
      }
    })
  }

  async function assume(accountId: string, role: string): Promise<void> {
    await api.db.admin.query('update app.account set role = $2 where id = $1', [accountId, role])
  }

  /** Somebody of a role who acts for an issuer too, with a second factor where the role asks for one. */
  async function enter(role: string) {
    const session = await api.registerIssuer(`Issuer ${crypto.randomUUID().replace(/[^a-f]/g, '')}`)
    if (rolesOfStaff.has(role)) await addTotp(api, session.accessToken)
    await assume(session.user.id, role)
    return session
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
      kind === 'draft'
        ? owner.issuerId
        : (await api.db.admin.query(`insert into app.issuer (name, country) values (gen_random_uuid()::text, 'DE') returning id`)).rows[0]
            .id
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
