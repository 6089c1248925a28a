import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { ProjectCard } from '../../common/wire.ts'
import { listAllRules, replay } from '../investments/decision.ts'
import { type Buyer, type Market, startMarket } from '../investments/testing.ts'

describe('a private offering under Rule 506(b)', () => {
  let sandbox: TestSandbox
  let market: Market
  let projectId: number
  let issuerId: string
  let [early, late, stranger, accredited] = [] as unknown as [Buyer, Buyer, Buyer, Buyer]
  const know = async (buyer: Buyer, at: Date, judgement: string | null = null) => {
    await market.api.db.admin.query('update app.account set email_proven_at = now() where id = $1', [buyer.user.id])
    await market.api.db.admin.query(
      `insert into app.relationship (issuer_id, email, established_on, how, judgement, recorded_at) values ($1, $2, '2020-01-01', 'Investor since 2020', $3, $4)`,
      // However the issuer writes it.
      [issuerId, buyer.user.email!.toUpperCase(), judgement, at],
    )
  }
  before(async () => {
    sandbox = await startTestSandbox()
    market = await startMarket({ sandboxUrl: sandbox.url })
    projectId = await market.addProject({ unitPriceCents: 10_000, minInvestmentCents: 10_000, exemption: 'reg_d_506b' })
    const { rows } = await market.api.db.admin.query('select issuer_id as id, submitted_at as at from app.project where project_id = $1', [
      projectId,
    ])
    issuerId = rows[0].id
    early = await market.addBuyer()
    late = await market.addBuyer()
    stranger = await market.addBuyer()
    accredited = await market.addBuyer({ investorClass: 1 })
    await know(early, rows[0].at)
    await know(late, new Date(rows[0].at.getTime() + 1_000), 'alone')
    await know(accredited, new Date(rows[0].at.getTime() - 1_000))
  })
  after(async () => {
    await market.close()
    await sandbox.stop()
  })

  const get = (url: string, buyer?: Buyer) => market.api.call('GET', url, undefined, buyer?.accessToken)
  const order = async (buyer: Buyer) => {
    const response = await market.order(buyer, { projectId, amountCents: '10000' })
    return response.statusCode === 201 ? 'taken' : (response.json().error.code as string)
  }

  it('is shown to nobody but those whom the issuer knew before it: not in lists, not by address, not its documents', async () => {
    const { admin } = market.api.db
    await admin.query(
      `insert into app.document (project_id, issuer_id, kind, title, file_name, media_type, bytes, cid, sha256, created_at)
       values ($1, $2, 'legal', 't', 'f.pdf', 'application/pdf', 1, 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', '0x' || repeat('ab', 32), now())`,
      [projectId, issuerId],
    )
    for (const [buyer, isShown] of [
      [undefined, false],
      [stranger, false],
      [late, false],
      [early, true],
      [accredited, true],
    ] as const) {
      const listed = (await get('projects', buyer)).json().data as ProjectCard[]
      expect(listed.map((card) => card.projectId).includes(projectId)).to.equal(isShown)
      for (const part of ['documents', 'updates', 'holders'])
        expect((await get(`projects/${projectId}/${part}`, buyer)).statusCode, part).to.equal(isShown ? 200 : 404)
      if (!isShown) expect((await get(`projects/${projectId}`, buyer)).json().error.code).to.equal('PROJECT_NOT_FOUND')
    }
    const facets = (await get('projects/facets')).json().data
    expect(facets.state.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).to.equal(0)
    const content = await market.api.app.inject('/ipfs/bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy')
    expect(content.json().error.code).to.equal('CID_NOT_FOUND')
    expect((await order(stranger)) + (await order(late))).to.equal('PROJECT_NOT_FOUNDPROJECT_NOT_FOUND')
  })

  it('is not shown to somebody who only says that a known e-mail is theirs', async () => {
    const shown = async () => (await get(`projects/${projectId}/updates`, early)).statusCode
    await market.api.db.admin.query('update app.account set email_proven_at = null where id = $1', [early.user.id])
    expect(await shown()).to.equal(404)
    await market.api.db.admin.query('update app.account set email_proven_at = now() where id = $1', [early.user.id])
    expect(await shown()).to.equal(200)
  })

  it('takes who isn’t accredited only with the issuer’s word that he can judge it', async () => {
    expect(await order(early)).to.equal('JUDGEMENT_REQUIRED')
    expect(await order(accredited)).to.equal('taken')
    await market.api.db.admin.query(
      `update app.relationship set judgement = 'representative', representative = 'R. Ruiz' where email = $1`,
      [early.user.email],
    )
    expect(await order(early)).to.equal('taken')
  })

  it('takes 35 who aren’t accredited in ninety days and no 36th, also at once, and any number who are', async () => {
    const { admin } = market.api.db
    const { rows } = await admin.query('select * from app.investment where project_id = $1 and account_id = $2', [projectId, early.user.id])
    // 32 others, of whom one committed more than ninety days ago.
    for (let n = 0; n < 33; n++) {
      const account = (await admin.query('insert into app.account default values returning id')).rows[0].id
      await admin.query(
        `insert into app.investment select (jsonb_populate_record(null::app.investment, to_jsonb(i) || jsonb_build_object(
           'id', gen_random_uuid(), 'account_id', $2::uuid, 'created_at', $3::timestamptz,
           'chain_investment_id', '0x' || md5(random()::text) || md5(random()::text)))).* from app.investment i where id = $1`,
        [rows[0].id, account, new Date(market.api.clock.now.getTime() - (n === 0 ? 90 * 24 * 3_600_000 + 1_000 : 0))],
      )
    }
    const buyers = await Promise.all(Array.from({ length: 4 }, () => market.addBuyer()))
    for (const buyer of buyers) await know(buyer, new Date(0 + Date.parse('2024-01-01')), 'alone')
    const answers = await Promise.all(buyers.map(order))
    expect(answers.filter((answer) => answer === 'taken')).to.have.length(2)
    expect(answers.filter((answer) => answer === 'LIMIT_PURCHASERS')).to.have.length(2)
    // Who is one of the 35 may go on, and so may the accredited.
    expect(await order(early)).to.equal('taken')
    expect(await order(accredited)).to.equal('taken')
  })

  it('is answered the same when its decisions are made again', async () => {
    const rules = await listAllRules(market.api.db.admin)
    const { rows } = await market.api.db.admin.query('select facts, findings, decided_at as "decidedAt" from app.decision')
    expect(rows.length).to.be.greaterThan(8)
    for (const row of rows) expect(replay(row, rules)).to.equal(undefined)
  })

  it('rests on what the issuer records, which no other issuer reads and nobody dates back', async () => {
    const { api } = market
    const [helios, boreas] = [await api.registerIssuer('Helios'), await api.registerIssuer('Boreas')]
    const put = (token: string, change: object = {}) =>
      api.call(
        'PUT',
        'relationships',
        { email: 'Nobody@Investor.example', establishedOn: '2025-02-03', how: 'Client of ours for years', ...change },
        token,
      )
    const recorded = (await put(helios.accessToken)).json().data
    expect(recorded).to.include({ judgement: null, recordedAt: api.clock.now.toISOString() })
    api.clock.pass(1_000)
    const again = (await put(helios.accessToken, { how: 'Somebody altogether else', judgement: 'alone' })).json().data
    expect(again).to.deep.equal({ ...recorded, judgement: 'alone' })
    for (const change of [
      { establishedOn: '2099-01-01' },
      { establishedOn: '2025-02-30' },
      { judgement: 'representative' },
      { how: 'friend' },
    ])
      expect((await put(helios.accessToken, change)).json().error.code).to.equal('VALIDATION')
    expect((await put(stranger.accessToken)).json().error.code).to.equal('FORBIDDEN')
    expect((await api.call('GET', 'relationships', undefined, boreas.accessToken)).json().data).to.deep.equal([])
    expect((await api.call('GET', 'relationships', undefined, helios.accessToken)).json().data).to.have.length(1)
  })
})
