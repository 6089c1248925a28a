import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { Value } from 'typebox/value'
import { openPool } from '../../common/node/db.ts'
import type { Role, Session } from '../../common/wire.ts'
import { type AccreditationClaim, AccreditationStanding } from '../../common/wire-accreditation.ts'
import { addTotp } from '../factors/testing.ts'
import { type Buyer, type Market, startMarket } from '../investments/testing.ts'
import { accreditationJobs } from './expiry.ts'
import { evidenceForm } from './testing.ts'

const DAY_MS = 86_400_000
const INCOME: AccreditationClaim = {
  path: 'income',
  lastYearCents: '20000001',
  yearBeforeCents: '20000001',
  expectsThisYear: true,
  isJoint: false,
}
const SIZE: AccreditationClaim = { path: 'minimum_investment', as: 'person', ownerCount: 0, isAccredited: true, isNotFinanced: true }

describe('accreditation', () => {
  let market: Market
  let ada: Session
  let bob: Session
  before(async () => {
    market = await startMarket()
    ada = await addStaff('ada', 'compliance')
    bob = await addStaff('bob', 'operator')
  })
  after(() => market.close())

  async function addStaff(name: string, role: Role): Promise<Session> {
    const session = await market.api.register(`${name}@staff.example`)
    await addTotp(market.api, session.accessToken)
    await market.api.db.admin.query('update app.account set role = $2 where id = $1', [session.user.id, role])
    return session
  }
  const call = (who: Session, method: 'GET' | 'POST', url: string, body?: unknown, headers?: Record<string, string>) =>
    market.api.call(method, url, body, who.accessToken, headers)
  const day = (daysAgo = 0) => new Date(market.api.clock.now.getTime() - daysAgo * DAY_MS).toISOString().slice(0, 10)
  const claim = (who: Session, stated: object = INCOME, asOf = day()) => call(who, 'POST', 'users/accreditation', { claim: stated, asOf })
  const attach = (who: Session, kind: string, file?: Parameters<typeof evidenceForm>[1]) => {
    const { body, headers } = evidenceForm(kind, file)
    return call(who, 'POST', 'users/accreditation/files', body, headers)
  }
  const submit = (who: Session) => call(who, 'POST', 'users/accreditation/submit')
  const standing = async (who: Session) => (await call(who, 'GET', 'users/accreditation')).json().data as AccreditationStanding
  const codeOf = async (response: Promise<{ json(): { error?: { code: string } } }>) => (await response).json().error?.code ?? 'done'
  const caseOf = async (who: Session) =>
    (
      await market.api.db.admin.query(
        `select id, version, evidence from app.review_case where account_id = $1 and kind = 'accreditation' order by opened_at desc limit 1`,
        [who.user.id],
      )
    ).rows[0]
  async function decide(who: Session, outcome: 'approve' | 'reject'): Promise<void> {
    // Who decides has just proven a second factor.
    await market.api.db.admin.query('update app.sign_in set factor_at = $1, active_at = $1 where factor_at is not null', [
      market.api.clock.now,
    ])
    const { id } = await caseOf(who)
    const reason = 'Read all of the evidence'
    const proposed = await call(ada, 'POST', `review/cases/${id}/propose`, { version: 1, outcome, reason })
    expect(proposed.statusCode, proposed.body).to.equal(200)
    if (outcome === 'approve') await call(bob, 'POST', `review/cases/${id}/confirm`, { version: 2, reason })
  }
  async function prove(who: Session, stated: object, kinds: readonly string[]): Promise<void> {
    await claim(who, stated)
    for (const kind of kinds) await attach(who, kind)
    expect((await submit(who)).statusCode).to.equal(200)
  }
  const order = (buyer: Buyer, projectId: number, amountCents: string) => codeOf(market.order(buyer, { projectId, amountCents }))
  const offering = () => market.addProject({ unitPriceCents: 100, exemption: 'reg_d_506c', unitsOffered: 10_000_000 })

  it('begins with nothing, then keeps a draft that says what is missing', async () => {
    const buyer = await market.addBuyer()
    const first = await standing(buyer)
    expect(Value.Check(AccreditationStanding, first)).to.equal(true)
    expect(first).to.deep.include({ newest: null, accreditedUntil: null, verifiedFromCents: null })
    const drafted = (await claim(buyer, { ...INCOME, isJoint: true, lastYearCents: '30000001', yearBeforeCents: '30000001' })).json().data
    expect(drafted.newest).to.deep.include({ state: 'draft', missing: ['tax_forms', 'spouse_statement'], files: [] })
    expect(drafted.newest.expiresAt).to.equal(`${day(-90)}T00:00:00.000Z`)
    const attached = (await attach(buyer, 'tax_forms')).json().data
    expect(attached.newest.missing).to.deep.equal(['spouse_statement'])
    expect(Value.Check(AccreditationStanding, attached)).to.equal(true)
    const refused = (await submit(buyer)).json().error
    expect(refused).to.deep.include({ code: 'EVIDENCE_MISSING', details: { missing: ['spouse_statement'] } })
    // Another claim takes its place, files included.
    expect((await claim(buyer)).json().data.newest).to.deep.include({ files: [], missing: ['tax_forms'] })
  })

  it('opens Rule 506(c) once two people approved, and closes it when it runs out', async () => {
    const buyer = await market.addBuyer()
    const projectId = await offering()
    expect(await order(buyer, projectId, '100000')).to.equal('ACCREDITED_ONLY')
    await prove(buyer, INCOME, ['tax_forms'])
    expect((await standing(buyer)).newest).to.include({ state: 'submitted' })
    expect(await codeOf(claim(buyer))).to.equal('STEP_ORDER')
    expect(await codeOf(attach(buyer, 'tax_forms'))).to.equal('STEP_ORDER')
    const { id } = await caseOf(buyer)
    await call(ada, 'POST', `review/cases/${id}/propose`, { version: 1, outcome: 'approve', reason: 'Tax forms of two years' })
    expect(await order(buyer, projectId, '100000')).to.equal('ACCREDITED_ONLY')
    await call(bob, 'POST', `review/cases/${id}/confirm`, { version: 2, reason: 'Tax forms of two years' })
    const approved = await standing(buyer)
    expect(approved.newest?.state).to.equal('approved')
    expect(await order(buyer, projectId, '100000')).to.not.equal('ACCREDITED_ONLY')
    const { rows } = await market.api.db.admin.query(`select kind from app.notification where account_id = $1`, [buyer.user.id])
    expect(rows.map(({ kind }) => kind)).to.include('accreditation_decided')

    const classAt = async (time: number) => {
      const values = [buyer.user.id, new Date(time)]
      return (await market.api.db.admin.query('select app.accredited_class($1, $2) as class', values)).rows[0].class
    }
    const end = Date.parse(approved.accreditedUntil!)
    expect([await classAt(end - 1), await classAt(end)]).to.deep.equal([1, 0])
  })

  it('counts a high minimum for orders of that size only, and for Rule 506(c) only', async () => {
    const buyer = await market.addBuyer()
    const projectId = await offering()
    await prove(buyer, SIZE, [])
    await decide(buyer, 'approve')
    expect(await standing(buyer)).to.include({ accreditedUntil: null, verifiedFromCents: '20000000' })
    const eligible = async (amountCents: string) =>
      (await call(buyer, 'GET', `projects/${projectId}/eligibility?amountCents=${amountCents}`))
        .json()
        .data.findings.find((finding: { code: string }) => finding.code === 'REG_D_506C').passed
    expect([await eligible('19999900'), await eligible('20000000')]).to.deep.equal([false, true])
    const crowd = await market.addProject({ exemption: 'reg_cf' })
    expect(await order(buyer, crowd, '10000')).to.equal('FINANCES_REQUIRED')
  })

  it('leaves who was rejected as before, who may then try again', async () => {
    const buyer = await market.addBuyer()
    await prove(buyer, INCOME, ['tax_forms'])
    await decide(buyer, 'reject')
    expect(await standing(buyer)).to.deep.include({ accreditedUntil: null })
    expect((await standing(buyer)).newest?.state).to.equal('rejected')
    market.api.clock.pass(1_000)
    expect((await claim(buyer)).json().data.newest.state).to.equal('draft')
  })

  it('takes the desk’s word over an older record on the chain', async () => {
    const buyer = await market.addBuyer({ investorClass: 1 })
    const projectId = await offering()
    expect(await order(buyer, projectId, '100000')).to.not.equal('ACCREDITED_ONLY')
    await prove(buyer, INCOME, ['tax_forms'])
    await decide(buyer, 'approve')
    await market.api.db.admin.query(`alter table app.accreditation disable trigger accreditation_guard`)
    await market.api.db.admin.query(`update app.accreditation set expires_at = $2 where account_id = $1`, [
      buyer.user.id,
      market.api.clock.now,
    ])
    await market.api.db.admin.query(`alter table app.accreditation enable trigger accreditation_guard`)
    expect(await order(buyer, projectId, '100000')).to.equal('ACCREDITED_ONLY')
  })

  for (const [what, stated, code] of [
    ['income on the threshold', { ...INCOME, lastYearCents: '20000000' }, 'NOT_ACCREDITED'],
    ['no expectation for this year', { ...INCOME, expectsThisYear: false }, 'VALIDATION'],
    ['an unknown path', { path: 'influence' }, 'VALIDATION'],
    ['a path with fields of another', { ...SIZE, lastYearCents: '1' }, 'UNKNOWN_FIELD'],
    ['negative amounts', { ...INCOME, lastYearCents: '-1' }, 'VALIDATION'],
    ['a minimum investment that somebody else finances', { ...SIZE, isNotFinanced: false }, 'VALIDATION'],
    ['a licence that doesn’t count', { path: 'licence', series: '63', crdNumber: '1' }, 'VALIDATION'],
    ['an entity of owners without any', { ...SIZE, as: 'owners' }, 'NOT_ACCREDITED'],
    ['a letter of a friend', { path: 'letter', writer: 'friend', writerName: 'A friend' }, 'VALIDATION'],
  ] as const)
    it(`refuses ${what}: ${code}`, async () => {
      const { accessToken } = await market.api.register(`${crypto.randomUUID()}@bad.example`)
      const response = await market.api.call('POST', 'users/accreditation', { claim: stated, asOf: day() }, accessToken)
      expect(response.json().error?.code, response.body).to.equal(code)
    })

  it('takes evidence of sixty days ago, and none that is older, to come, or of no day', async () => {
    const buyer = await market.addBuyer()
    expect(await codeOf(claim(buyer, INCOME, day(60)))).to.equal('EVIDENCE_DATE')
    expect(await codeOf(claim(buyer, INCOME, day(59)))).to.equal('done')
    for (const asOf of [day(-1), '2026-02-30', '0000-00-00'])
      expect(await codeOf(claim(buyer, INCOME, asOf)), asOf).to.equal('EVIDENCE_DATE')
    expect(await codeOf(claim(buyer, INCOME, 'yesterday'))).to.equal('VALIDATION')
  })

  it('takes documents that are what they say, ten at most, and none without a claim', async () => {
    const buyer = await market.addBuyer()
    expect(await codeOf(attach(buyer, 'tax_forms'))).to.equal('STEP_ORDER')
    await claim(buyer)
    expect(await codeOf(attach(buyer, 'diary'))).to.equal('VALIDATION')
    expect(await codeOf(attach(buyer, 'tax_forms', { name: 'paper.png' }))).to.equal('FILE_TYPE')
    const csv = { name: 'paper.csv', type: 'text/csv', content: Buffer.from('a,b') }
    expect(await codeOf(attach(buyer, 'tax_forms', csv))).to.equal('FILE_TYPE')
    expect(await codeOf(attach(buyer, 'tax_forms', { content: Buffer.alloc(0) }))).to.equal('FILE_INCOMPLETE')
    expect(await codeOf(call(buyer, 'POST', 'users/accreditation/files', {}))).to.equal('MEDIA_TYPE')
    for (let index = 0; index < 10; index++) expect(await codeOf(attach(buyer, 'tax_forms'))).to.equal('done')
    expect(await codeOf(attach(buyer, 'tax_forms'))).to.equal('STEP_ORDER')
  })

  it('shows documents to the desk alone, opened, and notes who read them', async () => {
    const buyer = await market.addBuyer()
    const content = Buffer.from('%PDF-1.7\nthe only copy')
    await claim(buyer)
    await attach(buyer, 'tax_forms', { content, name: 'Steuer 2025.pdf' })
    const [file] = (await standing(buyer)).newest!.files
    const url = `review/accreditation-files/${file!.id}`
    expect(await codeOf(call(ada, 'GET', url))).to.equal('NOT_FOUND')
    await submit(buyer)
    const { evidence } = await caseOf(buyer)
    expect(evidence).to.deep.equal({ accreditationId: evidence.accreditationId, path: 'income', asOf: day(), files: 1 })
    const seen = (await call(ada, 'GET', `review/accreditations/${evidence.accreditationId}`)).json().data
    expect(seen.claim).to.deep.equal(INCOME)
    const served = await call(ada, 'GET', url)
    expect(served.rawPayload.equals(content)).to.equal(true)
    expect(served.headers['content-disposition']).to.equal(`attachment; filename*=UTF-8''Steuer%202025.pdf`)
    expect(served.headers['cache-control']).to.equal('no-store')
    expect(await codeOf(call(buyer, 'GET', url))).to.equal('FORBIDDEN')
    const { rows } = await market.api.db.admin.query(
      `select actor from app.audit where action = 'read accreditation_file' and subject = $1`,
      [`accreditation_file ${file!.id}`],
    )
    expect(rows).to.deep.equal([{ actor: `account:${ada.user.id}` }])
    const { rows: kept } = await market.api.db.admin.query('select sealed from app.accreditation_file where id = $1', [file!.id])
    expect(kept[0].sealed.includes('the only copy')).to.equal(false)
  })

  it('is not the investor’s to approve, in the database neither, and no case of something else approves it', async () => {
    const buyer = await market.addBuyer()
    await prove(buyer, INCOME, ['tax_forms'])
    const api = openPool(market.api.db.urlOf('terra_api'))
    const { id, evidence } = await caseOf(buyer)
    const { rows } = await api.query('select * from app.decide_accreditation($1, $2, now())', [evidence.accreditationId, id])
    expect(rows).to.deep.equal([])
    const failure = await api.query(`update app.accreditation set is_approved = true, decided_at = now()`).catch(({ message }) => message)
    expect(failure).to.contain('permission denied')
    await api.end()
  })

  it('tells its owner once, two weeks before it runs out', async () => {
    const buyer = await market.addBuyer()
    await prove(buyer, INCOME, ['tax_forms'])
    await decide(buyer, 'approve')
    const pool = openPool(market.api.db.urlOf('terra_worker'))
    const until = Date.parse((await standing(buyer)).accreditedUntil!)
    let now = new Date(until - 14 * DAY_MS - 1)
    const [job] = accreditationJobs({ pool, clock: () => now })
    const open = async () => (await job!.listOpen()).filter(({ accreditationId }) => accreditationId === mine).length
    const mine = (await standing(buyer)).newest!.id
    expect(await open()).to.equal(0)
    now = new Date(until - 14 * DAY_MS)
    expect(await open()).to.equal(1)
    await job!.handle({ accreditationId: mine })
    await job!.handle({ accreditationId: mine })
    expect(await open()).to.equal(0)
    const { rowCount } = await pool.query(`select from app.notification where account_id = $1 and kind = 'accreditation_expiring'`, [
      buyer.user.id,
    ])
    expect(rowCount).to.equal(1)
    await pool.end()
  })
})
