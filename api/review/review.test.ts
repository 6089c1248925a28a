import { after, before, beforeEach, describe, it } from 'node:test'
import { expect } from 'chai'
import type { Role, Session } from '../../common/wire.ts'
import type { ReviewCaseDetail } from '../../common/wire-review.ts'
import { addTotp } from '../factors/testing.ts'
import { freezeAccount } from '../sanctions/freeze.ts'
import { sealIdentity } from '../sanctions/identity.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { type NewCase, openCases } from './open-cases.ts'

const REASON = 'Compared passport and list by eye'

describe('the review desk', () => {
  let api: TestApi
  let ada: Session
  let bob: Session
  let subjects = 0
  before(async () => {
    api = await startTestApi()
    ada = await addStaff('ada', 'compliance')
    bob = await addStaff('bob', 'operator')
  })
  after(() => api.close())
  beforeEach(() => api.db.admin.query('update app.sign_in set factor_at = $1, active_at = $1 where factor_at is not null', [api.clock.now]))

  async function addStaff(name: string, role: Role): Promise<Session> {
    const session = await api.register(`${name}@staff.example`)
    await addTotp(api, session.accessToken)
    await api.db.admin.query('update app.account set role = $2 where id = $1', [session.user.id, role])
    return session
  }
  async function openCase(more: Partial<NewCase> = {}): Promise<{ id: string; accountId: string }> {
    const accountId = more.accountId ?? (await api.register(`person${++subjects}@investor.example`)).user.id
    const subject = `test ${++subjects}`
    const hit = { kind: 'sanctions' as const, reason: 'Like an entry', evidence: { ref: '7', score: 0.9, isCertain: false } }
    await openCases(api.db.admin, [{ ...hit, subject, ...more, accountId }], api.clock.now)
    const { rows } = await api.db.admin.query('select id from app.review_case where subject = $1', [more.subject ?? subject])
    return { id: rows[0].id, accountId }
  }
  const post = (who: Session, id: string, what: string, body: object) =>
    api.call('POST', `review/cases/${id}/${what}`, body, who.accessToken)
  const propose = (who: Session, id: string, outcome: string, version = 1) => post(who, id, 'propose', { version, outcome, reason: REASON })
  const confirm = (who: Session, id: string, version = 2) => post(who, id, 'confirm', { version, reason: REASON })
  const codeOf = async (work: Promise<{ json(): { error?: { code: string } } }>) => (await work).json().error?.code ?? 'done'
  const holdOf = async (id: string) => (await api.db.admin.query('select app.account_hold($1) as hold', [id])).rows[0].hold

  it('lists what waits by the time it is due, a page at a time, and what was decided apart', async () => {
    await api.db.admin.query('delete from app.review_step')
    await api.db.admin.query('delete from app.review_case')
    const late = await openCase()
    const kyc = await openCase({ kind: 'kyc', evidence: { kycCheckId: '00000000-0000-4000-8000-000000000000' } })
    const relink = await openCase({ kind: 'wallet_relink' })
    await api.db.admin.query(`update app.review_case set due_at = due_at - interval '30 days' where id = $1`, [late.id])
    const first = (await api.call('GET', 'review/cases?limit=2', undefined, ada.accessToken)).json()
    expect(first.data.map(({ id }: { id: string }) => id)).to.deep.equal([late.id, relink.id])
    expect(first.meta.total).to.equal(3)
    const second = (await api.call('GET', `review/cases?limit=2&cursor=${first.meta.nextCursor}`, undefined, ada.accessToken)).json()
    expect([second.data.length, second.data[0].id, second.meta.nextCursor]).to.deep.equal([1, kyc.id, null])
    const ofKind = (await api.call('GET', 'review/cases?kind=kyc', undefined, ada.accessToken)).json()
    expect(ofKind.data).to.have.length(1)
    expect(ofKind.data[0]).to.deep.include({
      title: 'Identity check',
      outcomes: ['approve', 'reject'],
      fourEyes: ['approve'],
      state: 'open',
    })
    await propose(ada, kyc.id, 'reject')
    const decided = (await api.call('GET', 'review/cases?state=decided', undefined, ada.accessToken)).json()
    expect(decided.data.map(({ id }: { id: string }) => id)).to.deep.equal([kyc.id])
  })

  it('opens the same case once', async () => {
    const { accountId } = await openCase({ subject: 'the same' })
    await openCase({ subject: 'the same', accountId })
    const { rows } = await api.db.admin.query(
      `select count(*)::int as n from app.review_step t join app.review_case c on c.id = case_id where subject = 'the same'`,
    )
    expect(rows[0].n).to.equal(1)
  })

  it('shows the evidence, who the account says it is, and every step', async () => {
    const { id, accountId } = await openCase()
    const identity = { kind: 'person' as const, firstName: 'Erika', lastName: 'Muster', birthDate: '1980-01-02' }
    await api.db.admin.query('insert into app.identity (account_id, sealed, stated_at) values ($1, $2, now())', [
      accountId,
      sealIdentity(api.deps.settings.encryptionKeys, accountId, identity),
    ])
    await post(ada, id, 'assign', { assignee: bob.user.id })
    const found = (await api.call('GET', `review/cases/${id}`, undefined, ada.accessToken)).json().data as ReviewCaseDetail
    expect(found.person).to.deep.equal({ name: 'Erika Muster', birthDate: '1980-01-02' })
    expect(found.evidence).to.deep.include({ ref: '7', score: 0.9 })
    expect(found.assignee).to.deep.equal({ id: bob.user.id, email: 'bob@staff.example' })
    expect(found.steps.map(({ deed }) => deed)).to.deep.equal(['opened', 'assigned'])
  })

  it('needs two people for a sanctions hit; a dismissed one holds nobody any longer', async () => {
    const { id, accountId } = await openCase()
    expect(await holdOf(accountId)).to.equal('review')
    expect((await propose(ada, id, 'dismiss')).json().data).to.deep.include({ state: 'proposed', version: 2 })
    expect(await codeOf(confirm(ada, id))).to.equal('FOUR_EYES')
    expect(await holdOf(accountId)).to.equal('review')
    const done = (await confirm(bob, id)).json().data
    expect(done.decision).to.deep.include({ outcome: 'dismiss', by: { id: bob.user.id, email: 'bob@staff.example' } })
    expect(await holdOf(accountId)).to.equal(null)
  })

  it('freezes who is confirmed to be on a list, and keeps the freeze when another hit is dismissed', async () => {
    const { id, accountId } = await openCase()
    const other = await openCase({ accountId })
    await propose(ada, id, 'confirm')
    await confirm(bob, id)
    expect(await holdOf(accountId)).to.equal('frozen')
    await propose(bob, other.id, 'dismiss')
    await confirm(ada, other.id)
    expect(await holdOf(accountId)).to.equal('frozen')
  })

  it('ends a freeze that came before anybody looked, once the hit is dismissed', async () => {
    const { id, accountId } = await openCase({ evidence: { ref: '7', score: 1, isCertain: true } })
    await freezeAccount(api.db.admin, { accountId, reason: 'Test', cause: `hit of ${id}` }, api.clock.now)
    await propose(ada, id, 'dismiss')
    expect(await holdOf(accountId)).to.equal('frozen')
    await confirm(bob, id)
    expect(await holdOf(accountId)).to.equal(null)
  })

  it('ends an identity check; approving needs two', async () => {
    const check = async (accountId: string) =>
      (
        await api.db.admin.query(
          `insert into app.kyc_check (account_id, provider, applicant_ref, state, created_at, due_at) values ($1, 'onfido', 'a', 'in_review', now(), now()) returning id`,
          [accountId],
        )
      ).rows[0].id
    for (const [outcome, state] of [
      ['approve', 'approved'],
      ['reject', 'rejected'],
    ] as const) {
      const person = await api.register(`checked-${outcome}@investor.example`)
      const { id } = await openCase({ kind: 'kyc', accountId: person.user.id, evidence: { kycCheckId: await check(person.user.id) } })
      await propose(ada, id, outcome)
      if (outcome === 'approve') await confirm(bob, id)
      expect((await api.call('GET', 'users/kyc/status', undefined, person.accessToken)).json().data.state).to.equal(state)
    }
  })

  it('takes the same decision again without doing anything, and no other one', async () => {
    const { id } = await openCase()
    expect(await codeOf(propose(ada, id, 'dismiss'))).to.equal('done')
    expect(await codeOf(propose(ada, id, 'dismiss'))).to.equal('done')
    expect(await codeOf(confirm(bob, id))).to.equal('done')
    expect(await codeOf(confirm(bob, id))).to.equal('done')
    expect(await codeOf(propose(ada, id, 'dismiss'))).to.equal('done')
    expect(await codeOf(propose(ada, id, 'confirm', 3))).to.equal('CASE_DECIDED')
    expect(await codeOf(post(bob, id, 'return', { version: 3, reason: REASON }))).to.equal('CASE_DECIDED')
    expect(await codeOf(post(bob, id, 'assign', { assignee: null }))).to.equal('CASE_DECIDED')
    const { rows } = await api.db.admin.query('select deed from app.review_step where case_id = $1 order by version', [id])
    expect(rows.map(({ deed }) => deed)).to.deep.equal(['opened', 'proposed', 'decided'])
  })

  it('tells who decides on what has changed meanwhile', async () => {
    const { id } = await openCase()
    await post(bob, id, 'assign', { assignee: bob.user.id })
    const stale = await propose(ada, id, 'dismiss', 1)
    expect([stale.statusCode, stale.json().error.code, stale.json().error.details]).to.deep.equal([409, 'CASE_CHANGED', { version: 2 }])
    expect(await codeOf(confirm(bob, id))).to.equal('CASE_CHANGED')
    await propose(ada, id, 'dismiss', 2)
    expect(await codeOf(propose(bob, id, 'confirm', 3))).to.equal('FOUR_EYES')
    expect(await codeOf(post(bob, id, 'return', { version: 3, reason: REASON }))).to.equal('done')
    expect(await codeOf(confirm(bob, id, 3))).to.equal('CASE_CHANGED')
  })

  it('decides once when two confirm at the same moment', async () => {
    const eve = await addStaff('eve', 'admin')
    const { id } = await openCase()
    await propose(ada, id, 'dismiss')
    const codes = await Promise.all([confirm(bob, id), confirm(eve, id), confirm(bob, id)].map(codeOf))
    expect(codes.filter((code) => code === 'done').length).to.be.oneOf([1, 2])
    expect(codes.filter((code) => code !== 'done').every((code) => code === 'CASE_DECIDED')).to.equal(true)
    const { rows } = await api.db.admin.query(`select count(*)::int as n from app.review_step where case_id = $1 and deed = 'decided'`, [
      id,
    ])
    expect(rows[0].n).to.equal(1)
  })

  it('refuses unknown outcomes, unknown cases, reasons that say nothing, and cases about oneself', async () => {
    const { id } = await openCase()
    expect(await codeOf(propose(ada, id, 'approve'))).to.equal('OUTCOME_UNKNOWN')
    expect(await codeOf(propose(ada, '00000000-0000-4000-8000-000000000000', 'dismiss'))).to.equal('NOT_FOUND')
    expect(await codeOf(api.call('GET', 'review/cases/00000000-0000-4000-8000-000000000000', undefined, ada.accessToken))).to.equal(
      'NOT_FOUND',
    )
    expect(await codeOf(post(ada, id, 'propose', { version: 1, outcome: 'dismiss', reason: 'ok' }))).to.equal('VALIDATION')
    expect(await codeOf(post(ada, id, 'assign', { assignee: (await api.register('nobody@investor.example')).user.id }))).to.equal(
      'VALIDATION',
    )
    const own = await openCase({ accountId: ada.user.id })
    expect(await codeOf(propose(ada, own.id, 'dismiss'))).to.equal('FORBIDDEN')
  })

  it('lets nobody decide who was not there lately, but read', async () => {
    const { id } = await openCase()
    await api.db.admin.query(`update app.sign_in set factor_at = $1 where factor_at is not null`, [
      new Date(api.clock.now.getTime() - 31 * 60_000),
    ])
    expect(await codeOf(propose(ada, id, 'dismiss'))).to.equal('CONFIRM_REQUIRED')
    expect(await codeOf(api.call('GET', `review/cases/${id}`, undefined, ada.accessToken))).to.equal('done')
  })

  it('is guarded by the database too: no single person, and nothing after the end', async () => {
    const { id } = await openCase()
    const decide = (by: string) =>
      api.db.admin
        .query(`update app.review_case set state = 'decided', outcome = 'dismiss', decided_by = $2, decided_at = now() where id = $1`, [
          id,
          by,
        ])
        .then(
          () => 'done',
          ({ code }) => code,
        )
    expect(await decide(ada.user.id)).to.equal('23001')
    await propose(ada, id, 'dismiss')
    expect(await decide(ada.user.id)).to.equal('23001')
    expect(await decide(bob.user.id)).to.equal('done')
    expect(await decide(bob.user.id)).to.equal('23001')
  })
})
