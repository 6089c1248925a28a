import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { Facets, Holders, ProjectCard, ProjectDetail } from '../../common/wire.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { type TestMirror, testMirror } from '../testing-mirror.ts'
import { DRAFT } from './testing.ts'

const WIND = {
  ...DRAFT,
  name: 'Dogger Breeze',
  summary: 'Offshore turbines in shallow water.',
  description: 'Turbines, far from any coast.',
  technology: 'wind',
  buildStatus: 'construction',
  country: 'GB',
  city: 'Hull',
  expectedReturnBps: 640,
  unitPriceCents: '2500',
}
const HYDRO = {
  ...DRAFT,
  name: 'Alpine Run of River',
  summary: 'A small hydro plant in a valley.',
  description: 'Turbines in a mountain stream.',
  technology: 'hydro',
  country: 'AT',
  city: 'Innsbruck',
  expectedReturnBps: 510,
}

describe('projects', () => {
  let api: TestApi
  let mirror: TestMirror
  let issuer: Awaited<ReturnType<TestApi['registerIssuer']>>
  const ids: Record<'solar' | 'wind' | 'hydro' | 'draft', number> = { solar: 0, wind: 0, hydro: 0, draft: 0 }
  before(async () => {
    api = await startTestApi()
    mirror = testMirror(api.db.admin)
    issuer = await api.registerIssuer('Helios')
    for (const [key, body] of Object.entries({ solar: DRAFT, wind: WIND, hydro: HYDRO, draft: { ...DRAFT, name: 'Secret Draft' } })) {
      const response = await api.call('POST', 'projects', body, issuer.accessToken)
      expect(response.statusCode, response.body).to.equal(201)
      ids[key as keyof typeof ids] = response.json().data.projectId
      api.clock.pass(1_000)
      if (key === 'draft') continue
      await api.call('POST', `projects/${ids[key as keyof typeof ids]}/submit`, undefined, issuer.accessToken)
      await mirror.project(ids[key as keyof typeof ids])
    }
    await mirror.mint(ids.solar, '0x00000000000000000000000000000000000000a1', 30)
    await mirror.mint(ids.solar, '0x00000000000000000000000000000000000000a2', 10)
    await mirror.state(ids.hydro, 'paused')
  })
  after(() => api.close())

  const list = async (query = '') => {
    const response = await api.call('GET', `projects${query}`)
    expect(response.statusCode, response.body).to.equal(200)
    return response.json()
  }
  const namesOf = async (query: string) => (await list(query)).data.map((project: ProjectCard) => project.name)

  it('lists what is on chain, newest first, with figures from the mirror', async () => {
    const { data, meta } = await list()
    expect(Value.Check(Type.Array(ProjectCard), data)).to.equal(true)
    expect(data.map((project: ProjectCard) => project.projectId)).to.deep.equal([ids.hydro, ids.wind, ids.solar])
    expect(meta).to.include({ total: 3, nextCursor: null })
    expect(data[2]).to.include({
      issuer: 'Helios',
      state: 'active',
      unitsOffered: '1000',
      unitsMinted: '40',
      unitsRemaining: '960',
      raisedCents: '40000',
      targetCents: '1000000',
    })
  })

  for (const [query, names] of [
    ['?technology=wind', ['Dogger Breeze']],
    ['?country=AT', ['Alpine Run of River']],
    ['?state=paused', ['Alpine Run of River']],
    ['?buildStatus=construction', ['Dogger Breeze']],
    ['?minReturnBps=640', ['Dogger Breeze', 'Atacama Solar One']],
    ['?technology=wind&country=AT', []],
    ['?sort=return', ['Atacama Solar One', 'Dogger Breeze', 'Alpine Run of River']],
    ['?sort=raised', ['Atacama Solar One', 'Alpine Run of River', 'Dogger Breeze']],
    ['?sort=name', ['Alpine Run of River', 'Atacama Solar One', 'Dogger Breeze']],
    ['?q=solar', ['Atacama Solar One']],
    ['?q=desert', ['Atacama Solar One']],
    ['?q=sloar', ['Atacama Solar One']],
    ['?q=dogger%20breese', ['Dogger Breeze']],
    ['?q=turbine&sort=name', ['Alpine Run of River', 'Dogger Breeze']],
    ['?q=xyzzyplugh', []],
    ['?q=%27%3B%20drop%20table%20app.project%3B--', []],
    ['/search?location=calama', ['Atacama Solar One']],
    ['/search?location=austria', ['Alpine Run of River']],
    ['/search?location=united%20kingdom&q=turbines', ['Dogger Breeze']],
    ['/search?location=insbruck', ['Alpine Run of River']],
    ['/search?location=%25', []],
  ] as const) {
    it(`answers ${query} with ${names.length === 0 ? 'nothing' : names.join(', ')}`, async () => {
      expect(await namesOf(query)).to.deep.equal(names)
    })
  }

  for (const sort of ['newest', 'return', 'raised', 'name', 'relevance']) {
    it(`pages by ${sort} without repeating or leaving out`, async () => {
      const q = sort === 'relevance' ? '&q=turbine' : ''
      const whole = await namesOf(`?sort=${sort}${q}`)
      const seen: string[] = []
      let cursor = ''
      do {
        const { data, meta } = await list(`?sort=${sort}${q}&limit=1${cursor}`)
        seen.push(...data.map((project: ProjectCard) => project.name))
        cursor = meta.nextCursor ? `&cursor=${encodeURIComponent(meta.nextCursor)}` : ''
      } while (cursor !== '')
      expect(seen).to.deep.equal(whole)
    })
  }

  it('refuses a cursor that was forged or made for another list', async () => {
    const { meta } = await list('?limit=1')
    for (const query of [
      `?cursor=${meta.nextCursor}x`,
      `?cursor=abc`,
      `?sort=name&cursor=${meta.nextCursor}`,
      `?technology=wind&cursor=${meta.nextCursor}`,
    ]) {
      expect((await api.call('GET', `projects${query}`)).json().error?.code, query).to.equal('BAD_CURSOR')
    }
  })

  it('counts what each filter would leave', async () => {
    const facets = (await api.call('GET', 'projects/facets')).json().data
    expect(Value.Check(Facets, facets)).to.equal(true)
    expect(facets.technology).to.have.deep.members([
      { value: 'solar', count: 1 },
      { value: 'wind', count: 1 },
      { value: 'hydro', count: 1 },
    ])
    expect(facets.state).to.deep.equal([
      { value: 'active', count: 2 },
      { value: 'paused', count: 1 },
    ])
  })

  it('shows one project with what the chain knows of it', async () => {
    await mirror.distribute(ids.solar, 1, 40, 4_000_000n)
    const response = await api.call('GET', `projects/${ids.solar}`)
    const project = response.json().data
    expect(Value.Check(ProjectDetail, project), JSON.stringify([...Value.Errors(ProjectDetail, project)])).to.equal(true)
    expect(project).to.include({ holders: 2, distributedAmount: '4000000', lockDays: 0, issuerId: issuer.issuerId })
    expect(project.metadataCid).to.match(/^baf/)
    expect(project.onChain).to.include({ chainId: 31337, contract: api.deps.deployment.ownership, exitTargetPerUnit: '0' })
  })

  it('shows the largest holders', async () => {
    const holders = (await api.call('GET', `projects/${ids.solar}/holders`)).json().data
    expect(Value.Check(Holders, holders)).to.equal(true)
    expect(holders).to.deep.include({ count: 2 })
    expect(holders.top).to.deep.equal([
      { holder: '0x00000000000000000000000000000000000000a1', units: '30', shareBps: 7_500 },
      { holder: '0x00000000000000000000000000000000000000a2', units: '10', shareBps: 2_500 },
    ])
    expect((await api.call('GET', `projects/${ids.wind}/holders`)).json().data).to.deep.include({ count: 0, top: [] })
  })

  it('counts reserved and foreign units as taken', async () => {
    const { user } = await api.register('reserver@example.com')
    const reserve = (state: string, reservedUntil: Date, units: number, n: string) =>
      api.db.admin.query(
        `insert into app.investment (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents, currency, state, reserved_until, created_at, updated_at)
         values (gen_random_uuid(), '0x' || repeat($1, 32), $2, $3, $4, '0x00000000000000000000000000000000000000a1', $5::int, 2500, $5::int * 2500, 'USD', $6, $7, now(), now())`,
        [n, user.id, ids.wind, issuer.issuerId, units, state, reservedUntil],
      )
    const remaining = async () => (await api.call('GET', `projects/${ids.wind}`)).json().data.unitsRemaining
    await reserve('awaiting_payment', new Date(api.clock.now.getTime() + 60_000), 100, 'a1')
    await reserve('awaiting_payment', new Date(api.clock.now.getTime() - 1), 200, 'a2')
    await reserve('cancelled', new Date(api.clock.now.getTime() + 60_000), 300, 'a3')
    await reserve('settled', api.clock.now, 7, 'a4')
    await mirror.mint(ids.wind, '0x00000000000000000000000000000000000000a1', 7, `0x${'a4'.repeat(32)}`)
    expect(await remaining()).to.equal('893')
    await mirror.mint(ids.wind, '0x00000000000000000000000000000000000000a3', 3)
    expect(await remaining()).to.equal('890')
    api.clock.pass(60_001)
    expect(await remaining()).to.equal('990')
  })

  it('count units that were taken back as neither minted nor taken', async () => {
    const figures = async () => (await api.call('GET', `projects/${ids.wind}`)).json().data
    const before = await figures()
    const differ = async (count: number) => {
      const { unitsMinted, unitsRemaining, holders } = await figures()
      const minted = [Number(unitsMinted) - Number(before.unitsMinted), Number(before.unitsRemaining) - Number(unitsRemaining)]
      expect([...minted, holders - before.holders]).to.deep.equal([count, count, count === 0 ? 0 : 1])
    }
    const investmentId = `0x${'7'.repeat(64)}`
    const holder = '0x00000000000000000000000000000000000000a9'
    await mirror.mint(ids.wind, holder, 5, investmentId)
    await differ(5)
    await mirror.reverse(ids.wind, holder, 5, investmentId)
    await differ(0)
  })

  describe('that are not on chain', () => {
    it('are seen by their issuer only', async () => {
      const mine = (await api.call('GET', 'projects?mine=true&state=draft', undefined, issuer.accessToken)).json().data
      expect(mine.map((project: ProjectCard) => project.projectId)).to.deep.equal([ids.draft])
      const other = await api.registerIssuer('Boreas')
      const investor = await api.register('looker@example.com')
      for (const token of [undefined, other.accessToken, investor.accessToken]) {
        for (const path of ['', '/documents', '/updates', '/holders']) {
          const response = await api.call('GET', `projects/${ids.draft}${path}`, undefined, token)
          expect(response.json().error?.code).to.equal('PROJECT_NOT_FOUND')
        }
        expect((await api.call('GET', 'projects?q=secret', undefined, token)).json().data).to.deep.equal([])
        expect((await api.call('GET', 'projects?mine=true', undefined, token)).json().data).to.deep.equal([])
      }
      expect((await api.call('GET', `projects/${ids.draft}`, undefined, issuer.accessToken)).json().data).to.include({
        state: 'draft',
        onChain: null,
      })
    })

    it('stay hidden after submission until they are opened on chain', async () => {
      const { projectId } = (await api.call('POST', 'projects', { ...DRAFT, name: 'Waiting' }, issuer.accessToken)).json().data
      const submitted = (await api.call('POST', `projects/${projectId}/submit`, undefined, issuer.accessToken)).json().data
      expect(submitted.state).to.equal('submitted')
      expect((await api.call('GET', `projects/${projectId}`)).statusCode).to.equal(404)
      await mirror.project(projectId, 'draft')
      for (const path of ['', '/documents']) expect((await api.call('GET', `projects/${projectId}${path}`)).statusCode).to.equal(404)
      expect((await api.call('GET', 'projects?state=submitted')).json().data).to.deep.equal([])
      expect((await api.call('GET', `projects/${projectId}`, undefined, issuer.accessToken)).json().data.state).to.equal('submitted')
      await mirror.state(projectId, 'active')
      expect((await api.call('GET', `projects/${projectId}`)).json().data.state).to.equal('active')
    })
  })
})
