import { createServer, type Server, type Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { startTestChain, type TestChain } from '../../common/node/testing.ts'
import { signIn, startTestApi, type TestApi } from '../testing.ts'
import { testMirror } from '../testing-mirror.ts'

const newWallet = () => privateKeyToAccount(generatePrivateKey())

describe('wallets', () => {
  let api: TestApi
  let chain: TestChain
  before(async () => {
    chain = await startTestChain()
    api = await startTestApi({ rpcUrl: chain.url })
  })
  after(async () => {
    await api.close()
    await chain.stop()
  })

  type Signed = Awaited<ReturnType<typeof signIn>>
  const verify = ({ cookie, message, signature }: Signed, headers: Record<string, string> = {}) =>
    api.call('POST', 'auth/siwe/verify', { message, signature }, undefined, { cookie, ...headers })
  const link = ({ cookie, message, signature }: Signed, token: string) =>
    api.call('POST', 'wallets', { message, signature }, token, { cookie })
  const codeOf = async (response: Promise<{ json(): { error?: { code: string } } }>) => (await response).json().error?.code

  it('signs a new wallet in, gives it an account of its own, and knows it the next time', async () => {
    const wallet = newWallet()
    const first = (await verify(await signIn(api, wallet))).json().data
    expect(first.user).to.include({ email: null, wallet: wallet.address.toLowerCase(), role: 'investor' })
    const second = (await verify(await signIn(api, wallet))).json().data
    expect(second.user.id).to.equal(first.user.id)
  })

  it('makes one account of twenty first sign-ins at once', async () => {
    const wallet = newWallet()
    const signed = await Promise.all(Array.from({ length: 20 }, () => signIn(api, wallet)))
    const all = await Promise.all(signed.map((one) => verify(one)))
    expect(new Set(all.map((response) => response.json().data.user.id)).size).to.equal(1)
  })

  it('takes a challenge once, also when it comes twenty times at once', async () => {
    const signed = await signIn(api, newWallet())
    const all = await Promise.all(Array.from({ length: 20 }, () => verify(signed)))
    expect(all.filter(({ statusCode }) => statusCode === 200)).to.have.length(1)
    expect(new Set(all.filter(({ statusCode }) => statusCode !== 200).map((response) => response.json().error.code))).to.deep.equal(
      new Set(['SIWE_NONCE_UNKNOWN']),
    )
  })

  it('refuses a challenge that another browser asked for, or that no browser is behind', async () => {
    const signed = await signIn(api, newWallet())
    const other = await signIn(api, newWallet())
    expect(await codeOf(verify({ ...signed, cookie: other.cookie }))).to.equal('SIWE_NONCE_UNKNOWN')
    expect(await codeOf(verify({ ...signed, cookie: '' }))).to.equal('SIWE_NONCE_UNKNOWN')
    expect((await verify(signed)).statusCode).to.equal(200)
  })

  it('refuses a challenge that was never issued or has waited five minutes', async () => {
    expect(await codeOf(verify(await signIn(api, newWallet(), () => ({ nonce: 'neverissued0' }))))).to.equal('SIWE_NONCE_UNKNOWN')
    const signed = await signIn(api, newWallet(), ({ issuedAt }) => ({
      issuedAt: new Date(Date.parse(issuedAt) + 30_000).toISOString(),
      expirationTime: new Date(Date.parse(issuedAt) + 3_600_000).toISOString(),
    }))
    api.clock.pass(300_001)
    expect(await codeOf(verify(signed))).to.equal('SIWE_NONCE_UNKNOWN')
  })

  for (const [what, change, code] of [
    ['another domain', { domain: 'evil.example' }, 'SIWE_DOMAIN'],
    ['another origin', { uri: 'http://evil.example' }, 'SIWE_URI'],
    ['another chain', { chainId: 1 }, 'SIWE_CHAIN'],
    ['an old issue time', { issuedAt: '2020-01-01T00:00:00.000Z' }, 'SIWE_TIME'],
    ['an expiry in the past', { expirationTime: '2020-01-01T00:00:00.000Z' }, 'SIWE_TIME'],
  ] as const) {
    it(`refuses a message with ${what} as ${code} and leaves the challenge unused`, async () => {
      const signed = await signIn(api, newWallet(), () => change)
      expect(await codeOf(verify(signed))).to.equal(code)
      const { rowCount } = await api.db.admin.query('select from app.siwe_nonce where nonce = $1 and used_at is null', [
        /Nonce: (\w+)/.exec(signed.message)![1],
      ])
      expect(rowCount).to.equal(1)
    })
  }

  it('refuses another key’s signature, a broken one, and a changed message, and uses the challenge up', async () => {
    const [wallet, thief] = [newWallet(), newWallet()]
    const signed = await signIn(api, wallet)
    expect(await codeOf(verify({ ...signed, signature: await thief.signMessage({ message: signed.message }) }))).to.equal('SIWE_SIGNATURE')
    expect(await codeOf(verify(signed))).to.equal('SIWE_NONCE_UNKNOWN')
    expect(await codeOf(verify({ ...(await signIn(api, wallet)), signature: '0x1234' }))).to.equal('SIWE_SIGNATURE')
    const other = await signIn(api, wallet)
    expect(await codeOf(verify({ ...other, message: other.message.replace(wallet.address, thief.address) }))).to.equal('SIWE_SIGNATURE')
  })

  it('refuses what is no signature and a message of a megabyte before it is read', async () => {
    const signed = await signIn(api, newWallet())
    expect(await codeOf(verify({ ...signed, signature: 'hello' as never }))).to.equal('VALIDATION')
    expect(await codeOf(verify({ ...signed, message: 'x'.repeat(1_100_000) }))).to.equal('BODY_TOO_LARGE')
  })

  it('refuses a sign-in posted by another site', async () => {
    expect(await codeOf(verify(await signIn(api, newWallet()), { origin: 'https://evil.example' }))).to.equal('CSRF')
  })

  describe('of contracts', () => {
    const contractWallet = async (code: `0x${string}`) => {
      const owner = newWallet()
      const { address } = newWallet()
      await chain.client.setCode({ address, bytecode: code })
      // The message is signed by some key; whether that counts is the contract's to say.
      return { ...owner, address, signMessage: owner.signMessage } as typeof owner
    }

    it('let in a contract that vouches for the signature (ERC-1271)', async () => {
      const wallet = await contractWallet('0x631626ba7e60e01b5f5260205ff3')
      const response = await verify(await signIn(api, wallet))
      expect(response.json().data?.user.wallet).to.equal(wallet.address.toLowerCase())
    })

    for (const [what, code] of [
      ['reverts', '0x5f5ffd'],
      ['never ends', '0x5b5f56'],
      ['says something else', '0x60015f5260205ff3'],
      ['is not there', '0x'],
    ] as const) {
      it(`keep out a contract that ${what}, without waiting for it for ever`, async () => {
        const start = performance.now()
        expect(await codeOf(verify(await signIn(api, await contractWallet(code))))).to.equal('SIWE_SIGNATURE')
        // Bounded at 3 seconds; a busy machine may take its time besides.
        expect(performance.now() - start).to.be.lessThan(10_000)
      })
    }
  })

  it('links a wallet to an account, lists it, and signs that account in by it', async () => {
    const { accessToken, user } = await api.register('linker@example.com')
    const wallet = newWallet()
    const linked = await link(await signIn(api, wallet), accessToken)
    expect(linked.json().data).to.have.length(1)
    expect(linked.json().data[0]).to.include({ address: wallet.address.toLowerCase(), active: true })
    expect((await verify(await signIn(api, wallet))).json().data.user.id).to.equal(user.id)
  })

  it('refuses a wallet that belongs to somebody else', async () => {
    const wallet = newWallet()
    await verify(await signIn(api, wallet))
    const { accessToken } = await api.register('second-owner@example.com')
    expect(await codeOf(link(await signIn(api, wallet), accessToken))).to.equal('WALLET_IN_USE')
    expect((await api.call('GET', 'wallets', undefined, accessToken)).json().data).to.deep.equal([])
  })

  it('changes the active wallet while it is empty, keeping one active', async () => {
    const { accessToken } = await api.register('mover@example.com')
    const [first, second] = [newWallet(), newWallet()]
    await link(await signIn(api, first), accessToken)
    const moved = (await link(await signIn(api, second), accessToken)).json().data
    expect(moved.map((wallet: { address: string; active: boolean }) => [wallet.address, wallet.active])).to.deep.equal([
      [second.address.toLowerCase(), true],
      [first.address.toLowerCase(), false],
    ])
    const back = (await link(await signIn(api, first), accessToken)).json().data
    expect(back[0]).to.include({ address: first.address.toLowerCase(), active: true })
  })

  it('keeps the active wallet while it holds units', async () => {
    const { accessToken } = await api.register('holder@example.com')
    const first = newWallet()
    await link(await signIn(api, first), accessToken)
    await testMirror(api.db.admin).mint(1, first.address.toLowerCase(), 5)
    expect(await codeOf(link(await signIn(api, newWallet()), accessToken))).to.equal('WALLET_LOCKED')
    expect((await api.call('GET', 'wallets', undefined, accessToken)).json().data).to.have.length(1)
    expect((await link(await signIn(api, first), accessToken)).statusCode).to.equal(200)
  })

  it('keeps the active wallet while units are on their way to it', async () => {
    const { accessToken, user } = await api.register('waiter@example.com')
    const { issuerId } = await api.registerIssuer('Wallet Test Issuer')
    const first = newWallet()
    await link(await signIn(api, first), accessToken)
    const { rows } = await api.db.admin.query(
      `insert into app.project (issuer_id, slug, name, summary, description, technology, build_status, country, city, latitude, longitude, capacity_kw,
         annual_mwh, unit_price_cents, units_offered, expected_return_bps, exit_years, exit_target_per_unit)
       values ($1, 'w', 'W', 's', 'd', 'wind', 'operating', 'DE', 'Kiel', 54, 10, 1, 1, 1000, 100, 500, 10, 0) returning project_id`,
      [issuerId],
    )
    await api.db.admin.query(
      `insert into app.investment (id, chain_investment_id, account_id, project_id, issuer_id, wallet, units, unit_price_cents, amount_cents, currency, state, reserved_until, created_at, updated_at)
       values (gen_random_uuid(), '0x' || repeat('ab', 32), $1, $2, $3, $4, 1, 1000, 1000, 'USD', 'paid', now(), now(), now())`,
      [user.id, rows[0].project_id, issuerId, first.address.toLowerCase()],
    )
    expect(await codeOf(link(await signIn(api, newWallet()), accessToken))).to.equal('WALLET_LOCKED')
  })
})

describe('wallet sign-in without a node', () => {
  let api: TestApi
  let silent: Server
  const sockets: Socket[] = []
  before(async () => {
    // Takes connections and never answers.
    silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1')
    await new Promise((resolve) => silent.once('listening', resolve))
    const { port } = silent.address() as { port: number }
    api = await startTestApi({ rpcUrl: `http://127.0.0.1:${port}` })
  })
  after(async () => {
    await api.close()
    for (const socket of sockets) socket.destroy()
    silent.close()
  })

  it('still lets ordinary wallets in', async () => {
    const signed = await signIn(api, newWallet())
    const response = await api.call('POST', 'auth/siwe/verify', { message: signed.message, signature: signed.signature }, undefined, {
      cookie: signed.cookie,
    })
    expect(response.statusCode).to.equal(200)
  })

  it('gives up after three seconds when only a contract could vouch', async () => {
    const signed = await signIn(api, newWallet())
    const start = performance.now()
    const signature = await newWallet().signMessage({ message: signed.message })
    const response = await api.call('POST', 'auth/siwe/verify', { message: signed.message, signature }, undefined, {
      cookie: signed.cookie,
    })
    expect(response.json().error.code).to.equal('SIWE_SIGNATURE')
    expect(performance.now() - start).to.be.within(2_500, 10_000)
  })
})
