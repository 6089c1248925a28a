import { Type } from 'typebox'
import type { Hex } from 'viem'
import { AppError } from '../../common/errors.ts'
import { Time } from '../../common/wire.ts'
import { provePassword } from '../accounts/login.ts'
import { noteProof } from '../http/activity.ts'
import { authenticate, type SignedIn, signedIn } from '../http/auth.ts'
import { refuseForeignOrigin } from '../http/cookies.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { tightLimit } from '../http/security.ts'
import { closed } from '../http/validation.ts'
import { proveOwnWallet, SIWE_ERRORS } from '../wallets/prove.ts'
import { offerProof } from './passkeys.ts'
import { CeremonyOptions, FactorProof, PROOF_ERRORS, proveFactor } from './proof.ts'

const Confirmation = closed({
  factor: Type.Optional(FactorProof),
  password: Type.Optional(Type.String({ maxLength: 4_096 })),
  wallet: Type.Optional(
    closed({
      message: Type.String({ maxLength: 4_096 }),
      signature: Type.String({ maxLength: 65_536, pattern: '^0x([0-9a-fA-F]{2})+$' }),
    }),
  ),
})
type Confirmation = { factor?: FactorProof; password?: string; wallet?: { message: string; signature: string } }
const Confirmed = Type.Object({ confirmedAt: Time })

/** Confirming in an open session that it is still its owner who uses it. */
export const confirmRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings } = deps
  const config = tightLimit(settings)
  authenticate(app, deps, { permission: 'account.use', enrolling: true })
  refuseForeignOrigin(app, settings)

  app.post(
    '/auth/confirm/options',
    { config, schema: { tags: ['Identity'], response: responses(CeremonyOptions, 'UNAUTHENTICATED') } },
    async (request) => answer(request, { options: await offerProof(deps, signedIn(request).accountId) }),
  )

  app.post(
    '/auth/confirm',
    {
      config,
      schema: {
        tags: ['Identity'],
        body: Confirmation,
        response: responses(Confirmed, 'UNAUTHENTICATED', 'LOGIN_FAILED', 'UNKNOWN_FIELD', ...PROOF_ERRORS, ...SIWE_ERRORS),
      },
    },
    async (request) => {
      const viewer = signedIn(request)
      await prove(deps, viewer, request, request.body as Confirmation)
      await noteProof(pool, viewer.family, viewer.hasFactor, clock())
      return answer(request, { confirmedAt: clock().toISOString() })
    },
  )
}

/** Who has a second factor confirms by it and by nothing less. */
async function prove(
  deps: Deps,
  { accountId, hasFactor }: SignedIn,
  request: Parameters<typeof proveOwnWallet>[1],
  { factor, password, wallet }: Confirmation,
): Promise<void> {
  if (hasFactor && factor) return proveFactor(deps, accountId, factor)
  if (!hasFactor && password !== undefined) return provePassword(deps, accountId, password)
  if (!hasFactor && wallet) return proveOwnWallet(deps, request, accountId, wallet.message, wallet.signature as Hex)
  const fields = hasFactor ? { factor: 'is missing' } : { password: 'is missing, or wallet' }
  throw new AppError('VALIDATION', hasFactor ? 'Confirm with your second factor' : 'Confirm with your password or your wallet', {
    details: { fields },
  })
}
