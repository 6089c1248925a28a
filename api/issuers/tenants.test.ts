import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { Session } from '../../common/wire.ts'
import type { Member } from '../../common/wire-issuer.ts'
import { addTotp } from '../factors/testing.ts'
import { signAccess } from '../http/auth.ts'
import { openTestMailer, type TestMailer } from '../notifications/testing.ts'
import { DRAFT } from '../projects/testing.ts'
import { startTestApi, type TestApi } from '../testing.ts'

const DAY = 24 * 3_600_000

describe('who acts for an issuer', () => {
  let sandbox: TestSandbox
  let api: TestApi
  let mailer: TestMailer
  let owner: Session & { issuerId: string }
  before(async () => {
    sandbox = await startTestSandbox()
    api = await startTestApi({ sandboxUrl: sandbox.url })
    mailer = openTestMailer(api, sandbox)
    owner = await api.registerIssuer('Nordwind')
  })
  after(async () => {
    await mailer.close()
    await api.close()
    await sandbox.stop()
  })

  const call = async (who: Session, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object) => {
    // Everybody was there a moment ago; a token is good for an hour only.
    await api.db.admin.query('update app.sign_in set active_at = $1', [api.clock.now])
    const { rows } = await api.db.admin.query('select family from app.session where account_id = $1 limit 1', [who.user.id])
    return api.call(method, url, body, await signAccess(api.deps.settings, api.deps.clock, who.user.id, rows[0].family))
  }
  const codeOf = async (work: Promise<{ statusCode: number; json(): { error?: { code: string } } }>) => {
    const response = await work
    return response.json().error?.code ?? response.statusCode
  }
  const invite = (email: string, role = 'editor', who: Session = owner) => call(who, 'POST', 'issuer/invitations', { email, role })
  const accept = (who: Session, token: string) => call(who, 'POST', 'invitations/accept', { token })
  const membersOf = async (who: Session): Promise<Member[]> => (await call(who, 'GET', 'issuer/members')).json().data
  /** Somebody who was invited and came. */
  async function join(name: string, role: string, to: Session = owner): Promise<Session> {
    const email = `${name}@member.example`
    const session = await api.register(email)
    expect(await codeOf(invite(email, role, to))).to.equal(201)
    expect(await codeOf(accept(session, await mailer.linkTo('/invitation', email)))).to.equal(200)
    return session
  }

  it('comes by a mailed invitation to an e-mail that needs no account yet, which works once', async () => {
    expect(await codeOf(invite('eva@member.example'))).to.equal(201)
    const token = await mailer.linkTo('/invitation', 'eva@member.example')
    expect((await mailer.mailsTo('eva@member.example'))[0]!.subject).to.equal('Nordwind invites you to Terra Lumina')
    const waiting = (await call(owner, 'GET', 'issuer/invitations')).json().data
    expect(waiting.map(({ email, role }: { email: string; role: string }) => [email, role])).to.deep.equal([
      ['eva@member.example', 'editor'],
    ])
    const eva = await api.register('eva@member.example')
    api.clock.pass(1_000)
    const joined = await accept(eva, token)
    expect(joined.json().data).to.include({ role: 'issuer', issuerId: owner.issuerId, isEmailProven: true })
    expect(await codeOf(accept(eva, token))).to.equal('LINK_EXPIRED')
    expect((await call(owner, 'GET', 'issuer/invitations')).json().data).to.deep.equal([])
    expect((await membersOf(eva)).map(({ email, role }) => [email, role])).to.deep.equal([
      ['nordwind@issuer.example', 'owner'],
      ['eva@member.example', 'editor'],
    ])
  })

  it('is nobody to whom the invitation was not sent, nobody who acts for another issuer, nor staff', async () => {
    await invite('meant@member.example')
    const token = await mailer.linkTo('/invitation', 'meant@member.example')
    expect(await codeOf(accept(await api.register('finder@member.example'), token))).to.equal('INVITED_ANOTHER')
    const other = await api.registerIssuer('Sonnenhof')
    await invite('sonnenhof@issuer.example')
    expect(await codeOf(accept(other, await mailer.linkTo('/invitation', 'sonnenhof@issuer.example')))).to.equal('ALREADY_MEMBER')
    const staff = await api.register('staff@member.example')
    await addTotp(api, staff.accessToken)
    await invite('staff@member.example')
    await api.db.admin.query(`update app.account set role = 'compliance' where id = $1`, [staff.user.id])
    expect(await codeOf(accept(staff, await mailer.linkTo('/invitation', 'staff@member.example')))).to.equal('FORBIDDEN')
    const hired = api.db.admin.query('insert into app.issuer_member (issuer_id, account_id) values ($1, $2)', [
      owner.issuerId,
      staff.user.id,
    ])
    expect(await hired.catch((error: { code: string }) => error.code)).to.equal('23514')
  })

  it('finds an invitation no good once it is withdrawn, replaced by a newer one, or seven days old', async () => {
    const late = await api.register('late@member.example')
    const link = () => mailer.linkTo('/invitation', 'late@member.example')
    const { id } = (await invite('late@member.example')).json().data
    const withdrawn = await link()
    expect(await codeOf(call(owner, 'DELETE', `issuer/invitations/${id}`))).to.equal(200)
    expect(await codeOf(call(owner, 'DELETE', `issuer/invitations/${id}`))).to.equal('NOT_FOUND')
    await invite('late@member.example')
    const first = await link()
    await invite('late@member.example', 'viewer')
    const second = await link()
    for (const token of [withdrawn, first]) expect(await codeOf(accept(late, token))).to.equal('LINK_EXPIRED')
    api.clock.pass(7 * DAY)
    expect(await codeOf(accept(late, second))).to.equal('LINK_EXPIRED')
    // One that is withdrawn before its mail left is not sent.
    const { id: hasty } = (await invite('hasty@member.example')).json().data
    await call(owner, 'DELETE', `issuer/invitations/${hasty}`)
    expect(await mailer.mailsTo('hasty@member.example')).to.deep.equal([])
  })

  it('is asked one at a time: who acts already is not invited, and no more than fifty wait', async () => {
    expect(await codeOf(invite('nordwind@issuer.example'))).to.equal('ALREADY_MEMBER')
    const many = await api.registerIssuer('Vielfach')
    for (let n = 0; n < 49; n++)
      await api.db.admin.query(`insert into app.issuer_invitation (issuer_id, email, role, created_at) values ($1, $2, 'viewer', now())`, [
        many.issuerId,
        `n${n}@member.example`,
      ])
    const codes = await Promise.all(['a', 'b', 'a'].map((name) => codeOf(invite(`${name}@many.example`, 'viewer', many))))
    expect(codes.filter((code) => code === 'TRY_LATER').length).to.be.greaterThan(0)
    const { rows } = await api.db.admin.query(
      'select count(*)::int as n, count(distinct email)::int as emails from app.issuer_invitation where issuer_id = $1 and withdrawn_at is null',
      [many.issuerId],
    )
    expect(rows[0]).to.deep.equal({ n: 50, emails: 50 })
  })

  it('may do what the role inside the issuer leaves, and no more', async () => {
    const [viewer, editor] = [await join('vera', 'viewer'), await join('emil', 'editor')]
    expect(await codeOf(call(viewer, 'GET', 'issuer'))).to.equal(200)
    expect(await codeOf(call(viewer, 'POST', 'projects', DRAFT))).to.equal('FORBIDDEN')
    expect(await codeOf(call(editor, 'POST', 'projects', DRAFT))).to.equal(201)
    for (const who of [viewer, editor]) expect(await codeOf(invite('x@member.example', 'owner', who))).to.equal('FORBIDDEN')
    expect(await codeOf(call(owner, 'PUT', `issuer/members/${viewer.user.id}`, { role: 'editor' }))).to.equal(200)
    expect(await codeOf(call(viewer, 'POST', 'projects', DRAFT))).to.equal(201)
    expect(await codeOf(call(owner, 'PUT', `issuer/members/${viewer.user.id}`, { role: 'king' }))).to.equal('VALIDATION')
  })

  it('is an investor again at once when removed or gone, and may then be erased', async () => {
    const [removed, gone] = [await join('rita', 'editor'), await join('gero', 'owner')]
    expect(await codeOf(call(owner, 'DELETE', `issuer/members/${removed.user.id}`))).to.equal(200)
    expect(await codeOf(call(owner, 'DELETE', `issuer/members/${removed.user.id}`))).to.equal('NOT_FOUND')
    expect(await codeOf(call(gone, 'DELETE', 'issuer/membership'))).to.equal(200)
    for (const who of [removed, gone]) {
      expect((await call(who, 'GET', 'users/me')).json().data).to.include({ role: 'investor', issuerId: null })
      expect(await codeOf(call(who, 'GET', 'issuer'))).to.equal('FORBIDDEN')
    }
    await api.db.admin.query('select app.erase_account($1, $2)', [gone.user.id, api.clock.now])
    const { rows } = await api.db.admin.query(`select from app.issuer_invitation where email = 'gero@member.example'`)
    expect(rows).to.deep.equal([])
  })

  it('keeps one owner, also when two remove each other at once', async () => {
    const lone = await api.registerIssuer('Einzelhof')
    expect(await codeOf(call(lone, 'DELETE', 'issuer/membership'))).to.equal('LAST_OWNER')
    expect(await codeOf(call(lone, 'PUT', `issuer/members/${lone.user.id}`, { role: 'viewer' }))).to.equal('LAST_OWNER')
    const second = await join('zwei', 'owner', lone)
    const codes = await Promise.all([
      codeOf(call(lone, 'DELETE', `issuer/members/${second.user.id}`)),
      codeOf(call(second, 'DELETE', `issuer/members/${lone.user.id}`)),
    ])
    expect(codes.filter((code) => code === 200)).to.have.length(1)
    const { rows } = await api.db.admin.query(`select from app.issuer_member where issuer_id = $1 and role = 'owner'`, [lone.issuerId])
    expect(rows).to.have.length(1)
  })

  it('reaches no member or invitation of another issuer by its id', async () => {
    const other = await api.registerIssuer('Fremdhof')
    const { id } = (await invite('theirs@member.example', 'viewer', other)).json().data
    expect(await codeOf(call(owner, 'DELETE', `issuer/invitations/${id}`))).to.equal('NOT_FOUND')
    expect(await codeOf(call(owner, 'DELETE', `issuer/members/${other.user.id}`))).to.equal('NOT_FOUND')
    expect(await codeOf(call(owner, 'PUT', `issuer/members/${other.user.id}`, { role: 'viewer' }))).to.equal('NOT_FOUND')
    expect((await membersOf(owner)).some(({ accountId }) => accountId === other.user.id)).to.equal(false)
  })

  it('was there lately, or confirms before anything about members changes', async () => {
    const lone = await api.registerIssuer('Fernhof')
    await api.db.admin.query('update app.sign_in set active_at = $1', [new Date(api.clock.now.getTime() - 31 * 60_000)])
    const body = { email: 'x@y.example', role: 'viewer' }
    expect(await codeOf(api.call('POST', 'issuer/invitations', body, lone.accessToken))).to.equal('CONFIRM_REQUIRED')
  })

  it('changes how the issuer shows itself, unless somebody else did meanwhile', async () => {
    const given = {
      tagline: 'Wind for the coast',
      accent: '#0a7f5a',
      supportEmail: 'help@nordwind.example',
    }
    const change = (settings: object) => call(owner, 'PUT', 'issuer/settings', settings)
    expect((await change({ ...given, version: 1 })).json().data.settings).to.deep.equal({ ...given, version: 2 })
    expect(await codeOf(change({ ...given, version: 1 }))).to.equal('SETTINGS_CHANGED')
    for (const bad of [{ accent: 'red' }, { accent: '#0A7F5A' }, { supportEmail: 'nobody' }, { tagline: '' }])
      expect(await codeOf(change({ ...given, version: 2, ...bad })), JSON.stringify(bad)).to.equal('VALIDATION')
    expect(await codeOf(change({ ...given, version: 2, feeBps: 0 }))).to.equal('UNKNOWN_FIELD')
  })

  it('may use the modules of the terms in force only, and sees what of settled orders is the platform’s by the terms of their day', async () => {
    const { admin } = api.db
    const issuer = await api.registerIssuer('Vertrag')
    const projectId = (await call(issuer, 'POST', 'projects', DRAFT)).json().data.projectId
    const agree = (at: Date, feeBps: number, modules: string[]) =>
      admin.query('insert into app.issuer_terms (issuer_id, effective_from, fee_bps, modules) values ($1, $2, $3, $4)', [
        issuer.issuerId,
        at,
        feeBps,
        modules,
      ])
    const from = api.clock.now
    await agree(from, 250, ['listing'])
    await agree(new Date(from.getTime() + DAY), 400, ['news', 'listing'])
    const news = () => codeOf(call(issuer, 'POST', `projects/${projectId}/updates`, { kind: 'progress', title: 't', content: 'c' }))
    expect(await news()).to.equal('FORBIDDEN')
    expect((await call(issuer, 'GET', 'issuer')).json().data.terms).to.deep.equal({ feeBps: 250, modules: ['listing'] })
    const order = (at: Date, cents: number, state: string) =>
      admin.query(
        `insert into app.investment (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents, currency,
           state, reserved_until, created_at, updated_at)
         values (gen_random_uuid(), '0x' || md5(random()::text) || md5(random()::text), $1, $2, $3, '0x' || repeat('a1', 20), 1, $4, $4, 'USD', $5, $6, $6, $6)`,
        [owner.user.id, projectId, issuer.issuerId, cents, state, at],
      )
    await order(new Date(from.getTime() - DAY), 1_000, 'settled')
    await order(from, 1_039, 'settled')
    await order(from, 9_999, 'paid')
    await order(new Date(from.getTime() + DAY), 1_099, 'settled')
    // 0 + 25.975 + 43.96, each rounded down.
    expect((await call(issuer, 'GET', 'issuer')).json().data.fees).to.deep.equal([
      { currency: 'USD', settledCents: '3138', feeCents: '68' },
    ])
    api.clock.pass(DAY)
    expect(await news()).to.equal(201)
  })
})
