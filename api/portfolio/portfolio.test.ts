import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { decodeFunctionData } from 'viem'
import { vaultAbi } from '../../common/abi.ts'
import { ClaimCall, Distribution, Portfolio, type Position, type Session } from '../../common/wire.ts'
import { startTestApi, type TestApi } from '../testing.ts'
import { type TestMirror, testMirror } from '../testing-mirror.ts'

const WALLET = '0x00000000000000000000000000000000000000a1'
const OTHER = '0x00000000000000000000000000000000000000a2'
const DAO = '0x1000000000000000000000000000000000000005'

describe('portfolio', () => {
  let api: TestApi
  let mirror: TestMirror
  let holder: Session
  let bystander: Session
  const ids: number[] = []
  before(async () => {
    api = await startTestApi()
    mirror = testMirror(api.db.admin)
    holder = await api.register('holder@example.com')
    bystander = await api.register('bystander@example.com')
    await api.db.admin.query('insert into app.wallet (address, account_id, proven_at) values ($1, $2, now())', [WALLET, holder.user.id])
    const { rows } = await api.db.admin.query(`insert into app.issuer (name, country) values ('Helios', 'DE') returning id`)
    for (const name of ['Solar', 'Wind', 'Hydro']) {
      const project = await api.db.admin.query(
        `insert into app.project (issuer_id, slug, name, summary, description, technology, build_status, country, city, latitude, longitude,
           capacity_kw, annual_mwh, unit_price_cents, units_offered, expected_return_bps, exit_years, exit_target_per_unit, submitted_at)
         values ($1, $2, $2, 's', 'd', 'wind', 'operating', 'DE', 'Kiel', 54, 10, 1, 1, 1000, 10000, 500, 10, 0, now())
         returning project_id`,
        [rows[0].id, name],
      )
      ids.push(project.rows[0].project_id)
      await mirror.project(ids.at(-1)!)
    }
  })
  after(() => api.close())

  const get = async <T>(url: string, session?: Session) => (await api.call('GET', url, undefined, session?.accessToken)).json().data as T
  const claim = (session: Session, body: object = {}) => api.call('POST', 'distributions/claim', body, session.accessToken)

  it('is empty for somebody without a wallet, and for nobody asks to sign in', async () => {
    const portfolio = await get<Portfolio>('portfolio', bystander)
    expect(Value.Check(Portfolio, portfolio)).to.equal(true)
    expect(portfolio).to.deep.include({ wallet: null, positions: [], pending: [], valueCents: '0', claimable: '0', claimed: '0' })
    expect((await api.call('GET', 'portfolio')).json().error.code).to.equal('UNAUTHENTICATED')
    expect((await claim(bystander)).json().error.code).to.equal('WALLET_REQUIRED')
  })

  it('shows units and their value as the mirror has them, at its block', async () => {
    await mirror.mint(ids[0]!, WALLET, 30)
    await mirror.mint(ids[0]!, OTHER, 10)
    await mirror.mint(ids[1]!, WALLET, 5)
    await mirror.transfer(ids[1]!, WALLET, OTHER, 5)
    const portfolio = await get<Portfolio>('portfolio', holder)
    expect(Value.Check(Portfolio, portfolio), JSON.stringify([...Value.Errors(Portfolio, portfolio)])).to.equal(true)
    expect(portfolio).to.include({ wallet: WALLET, valueCents: '30000', asOfBlock: '7' })
    expect(portfolio.values).to.deep.equal([{ currency: 'USD', valueCents: '30000' }])
    expect(portfolio.positions).to.deep.equal([
      {
        projectId: ids[0],
        projectName: 'Solar',
        state: 'active',
        units: '30',
        currency: 'USD',
        unitPriceCents: '1000',
        valueCents: '30000',
        claimable: '0',
        claimed: '0',
        closedAt: null,
        closedUnits: '0',
      },
    ])
    expect((await claim(holder)).json().error.code).to.equal('NOTHING_TO_CLAIM')
  })

  it('shows what is due and prepares the call that claims it', async () => {
    await mirror.distribute(ids[0]!, 1, 40, 4_000_000n)
    await mirror.distribute(ids[0]!, 2, 40, 2_000_000n)
    await mirror.mint(ids[2]!, WALLET, 1)
    await mirror.distribute(ids[2]!, 1, 1, 500n)
    const portfolio = await get<Portfolio>('portfolio', holder)
    expect(portfolio).to.include({ claimable: '4500500', claimed: '0' })
    const call = (await claim(holder)).json().data as ClaimCall
    expect(Value.Check(ClaimCall, call)).to.equal(true)
    expect(call).to.deep.include({ to: api.deps.deployment.vault, chainId: 31337, projectIds: [ids[0], ids[2]], amount: '4500500' })
    const { functionName, args } = decodeFunctionData({ abi: vaultAbi, data: call.data as `0x${string}` })
    expect([functionName, args]).to.deep.equal(['claim', [[ids[0], ids[2]]]])
    expect((await claim(holder, { projectIds: [ids[2]] })).json().data).to.deep.include({ projectIds: [ids[2]], amount: '500' })
    expect((await claim(holder, { projectIds: [ids[1]] })).json().error.code).to.equal('NOTHING_TO_CLAIM')
    expect((await claim(holder, { projectIds: [] })).json().error.code).to.equal('VALIDATION')
    expect((await claim(holder, { holder: OTHER })).json().error.code).to.equal('UNKNOWN_FIELD')
  })

  it('lists returns with the wallet’s share, claimed or not, and to strangers without one', async () => {
    await mirror.claim(ids[0]!, WALLET, 1, 3_000_000n)
    const mine = await get<Distribution[]>('returns', holder)
    expect(Value.Check(Type.Array(Distribution), mine)).to.equal(true)
    expect(mine.map(({ projectId, epoch, share, claimed }) => [projectId, epoch, share, claimed])).to.deep.equal([
      [ids[2], 1, '500', false],
      [ids[0], 2, '1500000', false],
      [ids[0], 1, '3000000', true],
    ])
    expect(await get('investments/distributions', holder)).to.deep.equal(mine)
    expect((await get<Distribution[]>('returns', bystander)).length).to.equal(0)
    const open = await get<Distribution[]>(`returns?projectId=${ids[0]}`)
    expect(open.map(({ epoch, share, claimed }) => [epoch, share, claimed])).to.deep.equal([
      [2, null, null],
      [1, null, null],
    ])
    expect((await get<Distribution[]>(`returns?projectId=${ids[0]}`, bystander)).map(({ share }) => share)).to.deep.equal(['0', '0'])
    expect(await get<Portfolio>('portfolio', holder)).to.include({ claimable: '1500500', claimed: '3000000' })
  })

  it('pages returns', async () => {
    const first = (await api.call('GET', 'returns?limit=2', undefined, holder.accessToken)).json()
    const second = (await api.call('GET', `returns?limit=2&cursor=${first.meta.nextCursor}`, undefined, holder.accessToken)).json()
    expect([...first.data, ...second.data]).to.deep.equal(await get('returns', holder))
    expect(second.meta.nextCursor).to.equal(null)
    expect((await api.call('GET', `returns?cursor=${first.meta.nextCursor}`)).json().error.code).to.equal('BAD_CURSOR')
  })

  it('gives a share only for units held when the distribution opened', async () => {
    const late = await api.register('late@example.com')
    await api.db.admin.query('insert into app.wallet (address, account_id, proven_at) values ($1, $2, now())', [
      '0x00000000000000000000000000000000000000a9',
      late.user.id,
    ])
    await mirror.transfer(ids[0]!, OTHER, '0x00000000000000000000000000000000000000a9', 10)
    expect(await get('returns', late)).to.deep.equal([])
    expect((await get<Portfolio>('portfolio', late)).positions.map(({ units, claimable }) => [units, claimable])).to.deep.equal([
      ['10', '0'],
    ])
  })

  it('shows a position as closed once an exit has taken its units to the community DAO', async () => {
    await mirror.state(ids[0]!, 'exiting')
    await mirror.exitStep(ids[0]!, 'begun', DAO)
    await mirror.transfer(ids[0]!, WALLET, DAO, 30)
    await mirror.state(ids[0]!, 'exited')
    const portfolio = await get<Portfolio>('portfolio', holder)
    const closed = portfolio.positions.find(({ projectId }) => projectId === ids[0]) as Position
    expect(closed).to.deep.include({
      state: 'exited',
      units: '0',
      valueCents: '0',
      closedUnits: '30',
      claimable: '1500000',
      claimed: '3000000',
    })
    expect(closed.closedAt).to.match(/^2026-01-01T/)
    const { data } = (await claim(holder)).json()
    expect(data.projectIds).to.deep.equal([ids[0], ids[2]])
  })

  it('does not take units sent to the DAO before an exit for closed', async () => {
    await mirror.transfer(ids[2]!, WALLET, DAO, 1)
    const portfolio = await get<Portfolio>('portfolio', holder)
    const position = portfolio.positions.find(({ projectId }) => projectId === ids[2]) as Position
    expect(position).to.include({ closedAt: null, closedUnits: '0', units: '0', claimable: '500' })
  })

  it('shows what is on the way, to its owner only', async () => {
    const { rows } = await api.db.admin.query('select issuer_id as id from app.project where project_id = $1', [ids[1]])
    await api.db.admin.query(
      `insert into app.investment (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents, currency, state, reserved_until, created_at, updated_at)
       values (gen_random_uuid(), '0x' || repeat('ab', 32), $1, $2, $3, $4, 2, 1000, 2000, 'USD', 'minting', now(), now(), now())`,
      [holder.user.id, ids[1], rows[0].id, WALLET],
    )
    const { pending } = await get<Portfolio>('portfolio', holder)
    expect(pending.map(({ projectName, units, progress }) => [projectName, units, progress])).to.deep.equal([['Wind', '2', 'minting']])
    expect((await get<Portfolio>('portfolio', bystander)).pending).to.deep.equal([])
  })
})
