import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { WebSocket } from 'ws'
import { until } from '../../common/node/testing.ts'
import type { FeedMessage, Session } from '../../common/wire.ts'
import { startTestApi, TEST_PASSWORD, type TestApi } from '../testing.ts'
import { type TestMirror, testMirror } from '../testing-mirror.ts'

const WALLET = '0x00000000000000000000000000000000000000a1'

interface Client {
  socket: WebSocket
  messages: FeedMessage[]
  closed: Promise<[number, Buffer]>
}

describe('the live feed', () => {
  let api: TestApi
  let mirror: TestMirror
  let holder: Session
  let url: string
  before(async () => {
    api = await startTestApi({ heartbeatMs: 1_000 })
    mirror = testMirror(api.db.admin)
    url = (await api.app.listen({ host: '127.0.0.1', port: 0 })).replace('http', 'ws')
    holder = await api.register('holder@example.com')
    await api.db.admin.query('insert into app.wallet (address, account_id, proven_at) values ($1, $2, now())', [WALLET, holder.user.id])
    await mirror.project(1)
  })
  after(() => api.close())

  const ticketOf = async (session: Session) =>
    (await api.call('POST', 'portfolio/ticket', undefined, session.accessToken)).json().data.ticket as string
  function open(path: string, origin?: string): Client {
    const socket = new WebSocket(`${url}${path}`, origin === undefined ? {} : { origin })
    const messages: FeedMessage[] = []
    socket.on('message', (data) => messages.push(JSON.parse(String(data))))
    socket.on('error', () => {})
    return { socket, messages, closed: once(socket, 'close') as Promise<[number, Buffer]> }
  }
  async function connect(session: Session, path = '/ws/portfolio'): Promise<Client> {
    const client = open(`${path}?ticket=${await ticketOf(session)}`)
    await until(async () => client.messages.some(({ type }) => type === 'portfolio_update'))
    return client
  }
  const unitsSeen = ({ messages }: Client) =>
    messages.flatMap((message) => (message.type === 'portfolio_update' ? [message.data.positions[0]?.units ?? '0'] : []))

  it('says that it is ready, then shows the portfolio, on both its paths', async () => {
    for (const path of ['/ws/portfolio', '/api/v1/ws/portfolio']) {
      const { socket, messages } = await connect(holder, path)
      expect(messages[0]).to.deep.equal({ type: 'ready' })
      expect(messages[1]).to.deep.include({ type: 'portfolio_update' })
      socket.close()
    }
  })

  it('closes with 1008 on a ticket that is missing, made up, used or older than 30 seconds', async () => {
    expect((await open('/ws/portfolio').closed)[0]).to.equal(1008)
    expect((await open('/ws/portfolio?ticket=').closed)[0]).to.equal(1008)
    expect((await open(`/ws/portfolio?ticket=${'x'.repeat(43)}`).closed)[0]).to.equal(1008)
    expect((await open(`/ws/portfolio?ticket=${holder.accessToken}`).closed)[0]).to.equal(1008)
    const used = await ticketOf(holder)
    const first = open(`/ws/portfolio?ticket=${used}`)
    await until(async () => first.messages.length > 0)
    expect((await open(`/ws/portfolio?ticket=${used}`).closed)[0]).to.equal(1008)
    first.socket.close()
    const old = await ticketOf(holder)
    api.clock.pass(30_001)
    expect((await open(`/ws/portfolio?ticket=${old}`).closed)[0]).to.equal(1008)
  })

  it('closes with 1008 on a page of another site', async () => {
    const ticket = await ticketOf(holder)
    expect((await open(`/ws/portfolio?ticket=${ticket}`, 'https://evil.example').closed)[0]).to.equal(1008)
    const own = open(`/ws/portfolio?ticket=${ticket}`, 'http://localhost:3000')
    await until(async () => own.messages.length > 1)
    own.socket.close()
  })

  it('pushes a new holding to its holder, and to nobody else', async () => {
    const bystander = await api.register('bystander@example.com')
    const [mine, theirs] = [await connect(holder), await connect(bystander)]
    await mirror.mint(1, WALLET, 30)
    await mirror.notify('holding_changed', WALLET)
    await until(async () => unitsSeen(mine).includes('30'))
    expect(unitsSeen(theirs).every((units) => units === '0')).to.equal(true)
    mine.socket.close()
    theirs.socket.close()
  })

  it('pushes a distribution when the mirror moves on', async () => {
    const client = await connect(holder)
    await mirror.notify('chain_changed', '1')
    await mirror.distribute(1, 1, 30, 3_000n)
    await mirror.notify('chain_changed', '2')
    await until(async () => client.messages.some((message) => message.type === 'portfolio_update' && message.data.claimable === '3000'))
    client.socket.close()
  })

  it('pushes each step of an investment', async () => {
    const { rows } = await api.db.admin.query(`insert into app.issuer (name, country) values ('Helios', 'DE') returning id`)
    const project = await api.db.admin.query(
      `insert into app.project (issuer_id, slug, name, summary, description, technology, build_status, country, city, latitude, longitude,
         capacity_kw, annual_mwh, unit_price_cents, units_offered, expected_return_bps, exit_years, exit_target_per_unit, submitted_at)
       values ($1, 's', 'Solar', 's', 'd', 'wind', 'operating', 'DE', 'Kiel', 54, 10, 1, 1, 1000, 10000, 500, 10, 0, now()) returning project_id`,
      [rows[0].id],
    )
    const client = await connect(holder)
    const id = crypto.randomUUID()
    await api.db.admin.query(
      `insert into app.investment (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents, currency, state, reserved_until, created_at, updated_at)
       values ($1, '0x' || repeat('ab', 32), $2, $3, $4, $5, 2, 1000, 2000, 'USD', 'awaiting_payment', now() + interval '1 hour', now(), now())`,
      [id, holder.user.id, project.rows[0].project_id, rows[0].id, WALLET],
    )
    const states = () =>
      client.messages.flatMap((message) => (message.type === 'investment_update' && message.data.id === id ? [message.data.state] : []))
    for (const state of ['paid', 'minting', 'settled']) {
      await until(async () => states().length > 0)
      await api.db.admin.query('update app.investment set state = $2 where id = $1', [id, state])
      await until(async () => states().includes(state as never))
    }
    expect([...new Set(states())]).to.deep.equal(['awaiting_payment', 'paid', 'minting', 'settled'])
    client.socket.close()
  })

  it('sends an update at every heartbeat', async () => {
    const client = await connect(holder)
    const before = unitsSeen(client).length
    await until(async () => unitsSeen(client).length >= before + 2, 5_000)
    client.socket.close()
  })

  it('closes the socket of a session that was ended, and of no other', async () => {
    const person = await api.register('leaver@example.com')
    const second = (await api.call('POST', 'users/login', { email: 'leaver@example.com', password: TEST_PASSWORD })).json().data as Session
    const [ended, kept] = [await connect(person), await connect(second)]
    await api.call('POST', 'auth/logout', { refreshToken: person.refreshToken })
    expect((await ended.closed)[0]).to.equal(1008)
    expect(kept.socket.readyState).to.equal(WebSocket.OPEN)
    kept.socket.close()
  })

  it('gives an account ten sockets and refuses the eleventh', async () => {
    const person = await api.register('many@example.com')
    const clients = []
    for (let i = 0; i < 10; i++) clients.push(await connect(person))
    const [code] = await open(`/ws/portfolio?ticket=${await ticketOf(person)}`).closed
    expect(code).to.equal(1008)
    clients[0]!.socket.close()
    await clients[0]!.closed
    await sleep(50)
    clients.push(await connect(person))
    for (const { socket } of clients) socket.close()
  })

  it('cuts a client that sends more than it has to say', async () => {
    const client = await connect(holder)
    client.socket.send('x'.repeat(2_000))
    expect((await client.closed)[0]).to.equal(1009)
  })

  it('goes on after the database went away and came back, with what happened meanwhile', async () => {
    const client = await connect(holder)
    const name = new URL(api.db.adminUrl).pathname.slice(1)
    await api.db.admin.query(`alter database ${name} connection limit 0`)
    await api.db.admin.query(`select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and usename = 'terra_api'`, [name])
    await mirror.mint(1, WALLET, 12)
    await mirror.notify('holding_changed', WALLET)
    await sleep(600)
    await api.db.admin.query(`alter database ${name} connection limit -1`)
    await until(async () => unitsSeen(client).includes('42'), 10_000)
    expect(client.socket.readyState).to.equal(WebSocket.OPEN)
    client.socket.close()
  })
})
