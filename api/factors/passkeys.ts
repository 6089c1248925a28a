import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server'
import { AppError } from '../../common/errors.ts'
import { asViewer } from '../../common/node/db.ts'
import type { Deps } from '../http/deps.ts'
import { type ChallengeScope, consumeChallenge, issueChallenge } from './passkey-challenges.ts'
import { listCredentials, notePasskeyUse } from './passkey-queries.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What a browser needs to make a passkey: one that can be found without a name, and that asks for finger, face or PIN. */
export async function offerRegistration(deps: Deps, accountId: string, label: string) {
  const { pool, clock, settings } = deps
  const known = await asViewer(pool, { accountId }, (db) => listCredentials(db, accountId))
  return generateRegistrationOptions({
    rpName: 'Terra Lumina',
    rpID: settings.passkeyRpId,
    userName: label,
    userDisplayName: label,
    userID: new Uint8Array(Buffer.from(accountId)),
    challenge: await issueChallenge(pool, { register: accountId }, clock()),
    excludeCredentials: known,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** Checks a new passkey, which is kept by `insertPasskey`. @throws AppError PASSKEY_REFUSED */
export async function verifyRegistration(deps: Deps, accountId: string, response: RegistrationResponseJSON) {
  const { pool, clock, settings } = deps
  const verified = await verifyRegistrationResponse({
    response,
    expectedChallenge: (challenge) => consumeChallenge(pool, { register: accountId }, challenge, clock()),
    expectedOrigin: settings.publicUrl.origin,
    expectedRPID: settings.passkeyRpId,
    requireUserVerification: true,
  }).catch(refuse)
  if (!verified.verified) throw refused()
  const { credential, credentialDeviceType } = verified.registrationInfo
  return { credential, isSynced: credentialDeviceType === 'multiDevice' }
}

/** What a browser needs to sign with one of an account's passkeys. */
export async function offerProof({ pool, clock, settings }: Deps, accountId: string) {
  const allowCredentials = await asViewer(pool, { accountId }, (db) => listCredentials(db, accountId))
  const challenge = await issueChallenge(pool, { prove: accountId }, clock())
  return generateAuthenticationOptions({ rpID: settings.passkeyRpId, allowCredentials, challenge, userVerification: 'required' })
}

/** What a browser needs to sign in with any passkey it has for this site. */
export async function offerSignIn({ pool, clock, settings }: Deps, browserToken: string) {
  const challenge = await issueChallenge(pool, { signInFrom: browserToken }, clock())
  return generateAuthenticationOptions({ rpID: settings.passkeyRpId, challenge, userVerification: 'required' })
}

/** Proves an account by one of its passkeys. @throws AppError PASSKEY_REFUSED */
export async function provePasskey(deps: Deps, accountId: string, response: AuthenticationResponseJSON): Promise<void> {
  await verifyFor(deps, accountId, response, { prove: accountId })
}

/**
 * The account a passkey signs in to. The authenticator names the account itself; row-level security then shows that account's keys only.
 * @throws AppError PASSKEY_REFUSED
 */
export async function signInByPasskey(deps: Deps, browserToken: string | undefined, response: AuthenticationResponseJSON): Promise<string> {
  const accountId = Buffer.from(response.response.userHandle ?? '', 'base64url').toString()
  if (!UUID.test(accountId) || browserToken === undefined) throw refused()
  await verifyFor(deps, accountId, response, { signInFrom: browserToken })
  return accountId
}

async function verifyFor(deps: Deps, accountId: string, response: AuthenticationResponseJSON, scope: ChallengeScope): Promise<void> {
  const { pool, clock, settings } = deps
  const now = clock()
  const known = await asViewer(pool, { accountId }, (db) => listCredentials(db, accountId))
  const credential: WebAuthnCredential | undefined = known.find(({ id }) => id === response.id)
  if (!credential) throw refused()
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    credential,
    expectedChallenge: (challenge) => consumeChallenge(pool, scope, challenge, now),
    expectedOrigin: settings.publicUrl.origin,
    expectedRPID: settings.passkeyRpId,
    requireUserVerification: true,
  }).catch(refuse)
  const isNoted =
    verified &&
    (await asViewer(pool, { accountId }, (db) => notePasskeyUse(db, accountId, credential.id, authenticationInfo.newCounter, now)))
  if (!isNoted) throw refused()
}

/** What the library refuses it tells by plain errors; a database that is away is none of them. */
function refuse(cause: Error): never {
  if ('code' in cause && typeof cause.code === 'string' && !cause.code.startsWith('ERR_')) throw cause
  throw refused(cause)
}

function refused(cause?: Error) {
  return new AppError('PASSKEY_REFUSED', 'The passkey was not accepted. Try again, or use another way', { cause })
}
