import { createHmac, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { base58 } from '@scure/base'
import type { LightMyRequestResponse } from 'fastify'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { ERASE_PHRASE } from '../../common/erase-phrase.ts'
import { TEST_VENDOR_SECRETS } from '../../common/node/testing-sandbox.ts'
import { evidenceForm } from '../accreditation/testing.ts'
import { addTotp, beginSignIn, codeOf } from '../factors/testing.ts'
import { newAuthenticator } from '../factors/testing-authenticator.ts'
import type { Market } from '../investments/testing.ts'
import { DRAFT } from '../projects/testing.ts'
import { openCases } from '../review/open-cases.ts'
import { signIn, TEST_PASSWORD } from '../testing.ts'

/** Personal data that the walk gives away, to be looked for where none may be. */
export const PERSONAL = {
  email: 'quirin.walk@person.example',
  displayName: 'Quirin Zwetschge',
  firstName: 'Zebulon',
  lastName: 'Quackenbush',
  street: '17 Larkspur Crescent',
  phone: '+49 171 5550188',
  income: '8765432100',
  known: 'friend.of.issuer@person.example',
  invited: 'invited.by.issuer@person.example',
  supportEmail: 'support.of.issuer@person.example',
} as const

const RIGHT = { past: 'none', work: 'no', aim: 'long', debt: 'no', loss: 'all', return: 'estimate', sell: 'may_not', spread: 'many' }

/** Goes through every route that changes something, as the people do who may. Throws when one refuses. */
export async function walkRoutes({ api, addBuyer, addProject, order }: Market): Promise<void> {
  const call = async (...parameters: Parameters<typeof api.call>) =>
    taken(await api.call(...parameters), `${parameters[0]} ${parameters[1]}`)
  const post = (url: string, body?: unknown, token?: string, headers?: Record<string, string>) => call('POST', url, body, token, headers)

  // An account, its sessions and what it says of itself.
  const { email, displayName } = PERSONAL
  const person = (await post('users/register', { email, password: TEST_PASSWORD, country: 'DE', displayName })).json().data
  const token: string = person.accessToken
  await call('PUT', 'users/me', { displayName: `${displayName} II` }, token)
  await call('PUT', 'users/profile', { displayName }, token)
  // At another moment than the sign-in's: else nothing is as it wasn't.
  api.clock.pass(1_000)
  await post('auth/confirm', { password: TEST_PASSWORD }, token)
  const login = async () => (await post('users/login', { email, password: TEST_PASSWORD })).json().data
  const rotated = (await post('auth/refresh', { refreshToken: (await login()).refreshToken })).json().data
  await post('auth/logout', { refreshToken: rotated.refreshToken })
  await login()
  const sessions = (await call('GET', 'auth/sessions', undefined, token)).json().data as { id: string; current: boolean }[]
  await call('DELETE', `auth/sessions/${sessions.find(({ current }) => !current)!.id}`, undefined, token)
  await login()
  await call('DELETE', 'auth/sessions', undefined, token)
  await call('PUT', 'users/finances', { annualIncomeCents: PERSONAL.income, netWorthCents: '0', isJoint: false, outsideCents: '0' }, token)
  await walkEcsp(api.clock, post, token)
  await walkAccreditation(api, post, token)
  await post('users/kyc', { firstName: PERSONAL.firstName, lastName: PERSONAL.lastName, birthDate: '1985-12-10', country: 'GB' }, token)
  const other = await api.register('other@walk.example')
  const firm = await api.register('firm@walk.example')
  await post('users/kyc/organisation', { name: 'Windkraft Süd eG', registrationNumber: 'GnR 1234', country: 'DE' }, firm.accessToken)
  await post('users/verify-identity', { firstName: 'A', lastName: 'B', birthDate: '1985-12-10', country: 'GB' }, other.accessToken)
  await post('portfolio/ticket', undefined, token)
  await call('PUT', 'users/consents/chain', { isGiven: true }, token)
  const leaver = await api.register('leaver@walk.example')
  await call('DELETE', 'users', { phrase: ERASE_PHRASE }, leaver.accessToken)

  // Wallets.
  const wallet = await signIn(api, privateKeyToAccount(generatePrivateKey()))
  await post('auth/siwe/verify', { message: wallet.message, signature: wallet.signature }, undefined, { cookie: wallet.cookie })
  const linked = await signIn(api, privateKeyToAccount(generatePrivateKey()))
  await post('wallets', { message: linked.message, signature: linked.signature }, token, { cookie: linked.cookie })

  await walkOutsideWallets(call, token)
  await walkFactors(api, post, call)
  await walkMailedLinks(api, post, call)
  await walkReviews(api, post, person.user.id)

  // Orders.
  const buyer = await addBuyer()
  const projectId = await addProject()
  const placed = taken(await order(buyer, { projectId, amountCents: '10000' }), 'order').json().data
  const { reference } = (await post(`investments/${placed.id}/wire`, undefined, buyer.accessToken)).json().data
  await walkWires(api, post, reference)
  await post(`investments/${placed.id}/cancel`, undefined, buyer.accessToken)

  // An issuer.
  const { accessToken } = await api.registerIssuer('Walkers')
  const draft = (await post('projects', DRAFT, accessToken)).json().data.projectId
  await call('PUT', `projects/${draft}`, { name: 'Renamed' }, accessToken)
  const pdf =
    '--B\r\ncontent-disposition: form-data; name="kind"\r\n\r\nprospectus\r\n--B\r\ncontent-disposition: form-data; name="title"\r\n\r\nT\r\n'
  const file = `--B\r\ncontent-disposition: form-data; name="file"; filename="p.pdf"\r\ncontent-type: application/pdf\r\n\r\n%PDF-1.7\nA\r\n--B--\r\n`
  await post(`projects/${draft}/documents`, pdf + file, accessToken, { 'content-type': 'multipart/form-data; boundary=B' })
  await post(`projects/${draft}/updates`, { kind: 'progress', title: 't', content: 'c' }, accessToken)
  await post(`projects/${draft}/submit`, undefined, accessToken)
  await call(
    'PUT',
    'relationships',
    { email, establishedOn: '2025-02-03', how: `A client at ${PERSONAL.street}, ${PERSONAL.phone}` },
    accessToken,
  )
  await call('PUT', 'relationships', { email: PERSONAL.known, establishedOn: '2025-02-03', how: 'A client for years' }, accessToken)

  await walkTenant(api, call, accessToken)

  await walkWebhooks(api, post)
}

/** An issuer's settings, and members that come and go. */
async function walkTenant(api: Market['api'], call: Call, token: string): Promise<void> {
  const settings = { tagline: 'Wind', accent: '#0a7f5a', supportEmail: PERSONAL.supportEmail, version: 1 }
  await call('PUT', 'issuer/settings', settings, token)
  const invite = async (email: string) => (await call('POST', 'issuer/invitations', { email, role: 'editor' }, token)).json().data.id
  await call('DELETE', `issuer/invitations/${await invite(PERSONAL.invited)}`, undefined, token)
  for (const isRemoved of [true, false]) {
    const email = `member${isRemoved}@walk.example`
    const member = await api.register(email)
    const secret = randomUUID()
    // As if the worker had sent it.
    await api.db.admin.query('update app.issuer_invitation set token_hash = sha256($2::bytea), expires_at = $3 where id = $1', [
      await invite(email),
      Buffer.from(secret),
      new Date(api.clock.now.getTime() + 60_000),
    ])
    await call('POST', 'invitations/accept', { token: secret }, member.accessToken)
    await call('PUT', `issuer/members/${member.user.id}`, { role: 'viewer' }, token)
    if (isRemoved) await call('DELETE', `issuer/members/${member.user.id}`, undefined, token)
    else await call('DELETE', 'issuer/membership', undefined, member.accessToken)
  }
}

async function walkEcsp(clock: Market['api']['clock'], post: Post, token: string): Promise<void> {
  await post('users/ecsp/test', { answers: { ...RIGHT, weather: 'same', spread: 'one' } }, token)
  await post('users/ecsp/test/acknowledge', undefined, token)
  clock.pass(1_000)
  const figures = { isIncomePermanent: true, liquidAssetsCents: '1000009', annualCommitmentsCents: '0', annualIncomeCents: PERSONAL.income }
  await post('users/ecsp/simulation', figures, token)
  await post('users/ecsp/simulation/acknowledge', undefined, token)
  const evidence = {
    kind: 'person',
    grossIncomeCents: PERSONAL.income,
    portfolioCents: '1000000000',
    fewestTrades: 20,
    financeMonths: 24,
    executiveMonths: 24,
  }
  await post('users/ecsp/sophistication', { evidence, acceptsLessProtection: true }, token)
}

async function walkAccreditation(api: Market['api'], post: Post, token: string): Promise<void> {
  const asOf = api.clock.now.toISOString().slice(0, 10)
  const figures = { lastYearCents: PERSONAL.income, yearBeforeCents: PERSONAL.income, expectsThisYear: true, isJoint: false }
  await post('users/accreditation', { claim: { path: 'income', ...figures }, asOf }, token)
  const { body, headers } = evidenceForm('tax_forms')
  await post('users/accreditation/files', body, token, headers)
  const { accessToken } = await api.register('accredited@walk.example')
  const bySize = { path: 'minimum_investment', as: 'person', ownerCount: 0, isAccredited: true, isNotFinanced: true }
  await post('users/accreditation', { claim: bySize, asOf }, accessToken)
  await post('users/accreditation/submit', undefined, accessToken)
}

async function walkOutsideWallets(call: Call, token: string): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const address = base58.encode(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))
  const about = { network: 'solana', address }
  const asked = await call('POST', 'wallets/outside/challenge', about, token)
  const { nonce, message } = asked.json().data
  const cookie = String(asked.headers['set-cookie']).split(';')[0]!
  const signature = base58.encode(sign(null, Buffer.from(message), privateKey))
  await call('POST', 'wallets/outside/prove', { ...about, nonce, signature }, token, { cookie })
  const watched = (await call('POST', 'wallets/outside', { ...about, label: 'Savings' }, token)).json().data
  await call('DELETE', `wallets/outside/${watched[0].id}`, undefined, token)
}

async function walkFactors(api: Market['api'], post: Post, call: Call): Promise<void> {
  const email = 'factors@walk.example'
  const { accessToken } = await api.register(email)
  const { secret } = await addTotp(api, accessToken)
  const code = () => ({ method: 'totp', code: codeOf(secret, api.clock.now) })
  const { token } = await beginSignIn(api, email)
  await post('auth/factor', { token, proof: code() })
  api.clock.pass(30_000)
  await post('auth/recovery-codes', code(), accessToken)
  api.clock.pass(30_000)
  const device = newAuthenticator('http://localhost:3000')
  const offered = (await post('auth/passkeys/options', undefined, accessToken)).json().data.options
  const added = (await post('auth/passkeys', { name: 'Phone', passkey: device.create(offered) }, accessToken)).json().data
  const { id } = added.factors.passkeys[0]
  await call('PUT', `auth/passkeys/${id}`, { name: 'Old phone' }, accessToken)
  const asked = await post('auth/passkey/options')
  const cookie = String(asked.headers['set-cookie']).split(';')[0]!
  await post('auth/passkey', { passkey: device.get(asked.json().data.options) }, undefined, { cookie })
  const pending = (await beginSignIn(api, email)).token
  await post('auth/factor/options', { token: pending })
  await post('auth/confirm/options', undefined, accessToken)
  await call('DELETE', `auth/passkeys/${id}`, code(), accessToken)
  api.clock.pass(30_000)
  await call('DELETE', 'auth/totp', code(), accessToken)
}

async function walkMailedLinks(api: Market['api'], post: Post, call: Call): Promise<void> {
  const email = 'links@walk.example'
  const { accessToken } = await api.register(email)
  await post('users/email/confirmation', undefined, accessToken)
  await post('auth/password/forgot', { email })
  // As if the worker had sent them.
  const open = async (purpose: string) => {
    const token = randomUUID()
    await api.db.admin.query(
      `update app.mailed_link set token_hash = sha256($3::bytea), expires_at = $4
       where id = (select id from app.mailed_link where email = $1 and purpose = $2 and used_at is null and token_hash is null limit 1)`,
      [email, purpose, Buffer.from(token), new Date(api.clock.now.getTime() + 60_000)],
    )
    return token
  }
  await post('auth/email/confirm', { token: await open('verify_email') })
  await call('PUT', 'users/password', { password: 'walrus under seven lanterns' }, accessToken)
  await post('auth/password/forgot', { email })
  await post('auth/password/reset', { token: await open('reset_password'), password: 'eleven herons count ferries' })
}

/** A case that two people of the staff take through every step. */
async function walkReviews(api: Market['api'], post: Post, accountId: string): Promise<void> {
  const first = await addStaff(api, 'desk', 'compliance')
  const second = await addStaff(api, 'second', 'compliance')
  await openCases(
    api.db.admin,
    [{ kind: 'monitoring', reason: 'Many small orders', evidence: {}, subject: 'walk', accountId }],
    api.clock.now,
  )
  const { rows } = await api.db.admin.query(`select id from app.review_case where subject = 'walk'`)
  const step = (what: string, body: object, who = first) => post(`review/cases/${rows[0].id}/${what}`, body, who.accessToken)
  const reason = 'Looked through all of them'
  await step('assign', { assignee: first.id })
  await step('propose', { version: 2, outcome: 'dismiss', reason })
  await step('return', { version: 3, reason }, second)
  await step('propose', { version: 4, outcome: 'dismiss', reason })
  await step('confirm', { version: 5, reason }, second)
}

/** Two people of the staff at the bank account. */
async function walkWires(api: Market['api'], post: Post, reference: string): Promise<void> {
  const [first, second] = await Promise.all(['teller', 'checker'].map((name) => addStaff(api, name, 'operator')))
  const wire = { direction: 'in', reference, amountMinor: '9000', currency: 'USD', bookedOn: '2026-11-20' }
  for (const [bankRef, what] of [
    ['walk 1', 'return'],
    ['walk 2', 'confirm'],
  ]) {
    const { id } = (await post('wires', { ...wire, bankRef }, first!.accessToken)).json().data
    await post(`wires/${id}/${what}`, undefined, second!.accessToken)
  }
}

async function addStaff(api: Market['api'], name: string, role: string): Promise<{ id: string; accessToken: string }> {
  const { accessToken, user } = await api.register(`${name}@walk.example`)
  await addTotp(api, accessToken)
  await api.db.admin.query('update app.account set role = $2 where id = $1', [user.id, role])
  return { accessToken, id: user.id }
}

async function walkWebhooks(api: Market['api'], post: Post): Promise<void> {
  const at = Math.floor(api.clock.now.getTime() / 1000)
  const event = { id: `evt_${randomUUID()}`, object: 'event', type: 'payment_intent.succeeded', livemode: false }
  const stripe = JSON.stringify({ ...event, data: { object: { id: 'pi_1', object: 'payment_intent', receipt_email: PERSONAL.email } } })
  const hmac = (key: string, text: string) => createHmac('sha256', key).update(text).digest('hex')
  const v1 = hmac(TEST_VENDOR_SECRETS.STRIPE_WEBHOOK_SECRET, `${at}.${stripe}`)
  await post('webhooks/stripe', stripe, undefined, { 'stripe-signature': `t=${at},v1=${v1}` })
  const onfido = JSON.stringify({
    payload: {
      resource_type: 'check',
      action: 'check.completed',
      object: { id: randomUUID(), status: 'complete', completed_at_iso8601: api.clock.now },
    },
  })
  const sumsub = JSON.stringify({
    type: 'applicantPending',
    applicantId: randomUUID(),
    correlationId: randomUUID(),
    createdAtMs: stampOf(api.clock.now),
  })
  const digest = hmac(TEST_VENDOR_SECRETS.SUMSUB_WEBHOOK_SECRET, sumsub)
  await post('webhooks/sumsub', sumsub, undefined, { 'x-payload-digest-alg': 'HMAC_SHA256_HEX', 'x-payload-digest': digest })
  await post('webhooks/onfido', onfido, undefined, { 'x-sha2-signature': hmac(TEST_VENDOR_SECRETS.ONFIDO_WEBHOOK_TOKEN, onfido) })
}

/** A moment as Sumsub writes it. */
function stampOf(at: Date): string {
  return at.toISOString().slice(0, 23).replace('T', ' ')
}

type Call = (...parameters: Parameters<Market['api']['call']>) => Promise<LightMyRequestResponse>
type Post = (url: string, body?: unknown, token?: string, headers?: Record<string, string>) => Promise<LightMyRequestResponse>

function taken(response: LightMyRequestResponse, what: string): LightMyRequestResponse {
  if (response.statusCode >= 300) throw new Error(`${what} answered ${response.statusCode}: ${response.body}`)
  return response
}
