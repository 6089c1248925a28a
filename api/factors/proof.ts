import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { type Static, Type } from 'typebox'
import { AppError, type ErrorCode } from '../../common/errors.ts'
import { asViewer } from '../../common/node/db.ts'
import { FactorMethod } from '../../common/wire-factors.ts'
import type { Deps } from '../http/deps.ts'
import { closed } from '../http/validation.ts'
import { notifySecurity } from '../notifications/notify-security.ts'
import { countCode, forgiveCodes } from './attempts.ts'
import { provePasskey } from './passkeys.ts'
import { consumeRecoveryCode } from './recovery-codes.ts'
import { consumeTotp } from './totp.ts'

const Part = Type.String({ maxLength: 8_192 })
/** As browsers make it (WebAuthn Level 3, 5.1); more fields than these may come and are passed over. */
export const PasskeyAnswer = Type.Object({
  id: Type.String({ maxLength: 2_048 }),
  rawId: Type.String({ maxLength: 2_048 }),
  type: Type.Literal('public-key'),
  response: Type.Object({
    clientDataJSON: Part,
    authenticatorData: Part,
    signature: Part,
    userHandle: Type.Optional(Type.String({ maxLength: 200 })),
  }),
  clientExtensionResults: Type.Object({}),
})

export const Code = Type.String({ minLength: 6, maxLength: 40, description: 'Of the authenticator app, or a recovery code' })
/** A second factor: `code` for the app and for recovery codes, `passkey` for passkeys. */
export const FactorProof = closed({ method: FactorMethod, code: Type.Optional(Code), passkey: Type.Optional(PasskeyAnswer) })
export type FactorProof = Static<typeof FactorProof>
export const PROOF_ERRORS = ['CODE_WRONG', 'CODE_USED', 'PASSKEY_REFUSED'] as const satisfies ErrorCode[]

/** What `navigator.credentials` is called with (WebAuthn Level 3, 5.4 and 5.5, as JSON). */
export const CeremonyOptions = Type.Object({ options: Type.Unsafe<object>(Type.Object({}, { additionalProperties: true })) })

/**
 * Proves an account's second factor and uses the proof up.
 * @throws AppError CODE_WRONG, CODE_USED, PASSKEY_REFUSED, TRY_LATER
 */
export async function proveFactor(deps: Deps, accountId: string, { method, code, passkey }: FactorProof): Promise<void> {
  const { pool, clock, settings } = deps
  if (method === 'passkey') {
    if (!passkey) throw missing('passkey')
    await provePasskey(deps, accountId, passkey as AuthenticationResponseJSON)
    return
  }
  if (code === undefined) throw missing('code')
  await countCode(deps, accountId)
  await asViewer(pool, { accountId }, async (db) => {
    if (method === 'totp') await consumeTotp(db, settings.encryptionKeys, accountId, code, clock())
    else {
      await consumeRecoveryCode(db, accountId, code, clock())
      await notifySecurity(db, accountId, { kind: 'recovery_code_used' }, clock())
    }
    await forgiveCodes(db, accountId)
  })
}

function missing(field: string) {
  return new AppError('VALIDATION', `The body is not valid: ${field} is missing`, { details: { fields: { [field]: 'is missing' } } })
}
