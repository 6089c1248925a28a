import { setTimeout as sleep } from 'node:timers/promises'
import type { LocalAccount } from 'viem'
import { createSiweMessage } from 'viem/siwe'
import type { Investment, Kyc, Session, User } from '../../common/wire.ts'
import { ApiError, type Client } from './client.ts'
import { submitForm } from './form.ts'

export interface Registration {
  email: string
  password: string
  country: string
  displayName: string
}

export interface Identity {
  firstName: string
  lastName: string
  /** ISO date. */
  birthDate: string
  country: string
}

/** Registers by e-mail, or signs in when the account exists. The client carries the session from then on. */
export async function enter(client: Client, registration: Registration): Promise<User> {
  const { email, password } = registration
  const session = await client.post<Session>('users/register', registration).catch((error) => {
    if (error instanceof ApiError && error.code === 'EMAIL_TAKEN') return client.post<Session>('users/login', { email, password })
    throw error
  })
  client.signIn(session.accessToken)
  return session.user
}

/** Signs in by wallet (EIP-4361), as any wallet would. */
export async function enterByWallet(client: Client, wallet: LocalAccount): Promise<User> {
  const session = await client.post<Session>('auth/siwe/verify', await signChallenge(client, wallet))
  client.signIn(session.accessToken)
  return session.user
}

/** Proves a wallet for the signed-in account; it becomes the one that receives units. */
export async function linkWallet(client: Client, wallet: LocalAccount): Promise<void> {
  await client.post('wallets', await signChallenge(client, wallet))
}

/** Starts the identity check and fills in the vendor's form. The decision comes later, by the vendor's webhook. */
export async function passKyc(client: Client, identity: Identity): Promise<void> {
  const { formUrl, state } = await client.post<Kyc>('users/kyc', identity)
  if (state !== 'started' || formUrl === null) return
  await submitForm(formUrl, { document: 'Passport', consent: 'yes' })
}

/** Pays an investment on the vendor's page with a test card. */
export async function payByCard(checkoutUrl: string, card = '4242 4242 4242 4242'): Promise<void> {
  await submitForm(checkoutUrl, { number: card, expiry: '12/34', cvc: '123' })
}

/** Commits to an investment; the same key gives the same investment. */
export function invest(client: Client, projectId: number, amountCents: bigint, idempotencyKey: string): Promise<Investment> {
  return client.post<Investment>('investments', { projectId, amountCents: amountCents.toString() }, { idempotencyKey })
}

/** Asks until the answer is good. @throws Error naming what was waited for */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined | false>, timeoutMs = 90_000, everyMs = 250): Promise<T> {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    const value = await ask()
    if (value !== undefined && value !== false) return value
    if (Date.now() > deadline) throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}`)
    await sleep(everyMs)
  }
}

async function signChallenge(client: Client, wallet: LocalAccount): Promise<{ message: string; signature: string }> {
  const challenge = await client.post<{
    nonce: string
    domain: string
    uri: string
    chainId: number
    statement: string
    issuedAt: string
    expirationTime: string
  }>('auth/siwe/nonce', { address: wallet.address })
  const message = createSiweMessage({
    address: wallet.address,
    domain: challenge.domain,
    uri: challenge.uri,
    chainId: challenge.chainId,
    nonce: challenge.nonce,
    statement: challenge.statement,
    version: '1',
    issuedAt: new Date(challenge.issuedAt),
    expirationTime: new Date(challenge.expirationTime),
  })
  return { message, signature: await wallet.signMessage({ message }) }
}
