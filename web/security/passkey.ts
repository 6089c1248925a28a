import type { PublicKeyCredentialCreationOptionsJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import { ApiError } from '../api.ts'

/** Asks the device for a passkey's signature. @throws ApiError PASSKEY_CANCELLED when there is none */
export async function askPasskey(options: object): Promise<object> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  return startAuthentication({ optionsJSON: options as PublicKeyCredentialRequestOptionsJSON }).catch(explainCeremony)
}

/** Has the device make a passkey. @throws ApiError PASSKEY_KNOWN, PASSKEY_CANCELLED */
export async function makePasskey(options: object): Promise<object> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  return startRegistration({ optionsJSON: options as PublicKeyCredentialCreationOptionsJSON }).catch(explainCeremony)
}

/** Whether this browser can do passkeys at all. */
export function canUsePasskeys(): boolean {
  return typeof window.PublicKeyCredential === 'function'
}

/** Browsers tell little on purpose: cancelled, timed out and unknown are one and the same. */
function explainCeremony(cause: Error): never {
  if (cause.name === 'InvalidStateError') throw new ApiError('PASSKEY_KNOWN', 'This device has a passkey for your account', { cause })
  throw new ApiError('PASSKEY_CANCELLED', cause.message, { cause })
}
