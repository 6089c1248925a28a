import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { Type } from 'typebox'
import { Session } from '../../common/wire.ts'
import { openSession } from '../accounts/open-session.ts'
import { readPending } from '../accounts/pending-sign-in.ts'
import { BROWSER_COOKIE, BROWSER_SECONDS, refuseForeignOrigin, setCookie } from '../http/cookies.ts'
import type { Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { tightLimit } from '../http/security.ts'
import { newToken } from '../http/tokens.ts'
import { closed } from '../http/validation.ts'
import { offerProof, offerSignIn, signInByPasskey } from './passkeys.ts'
import { CeremonyOptions, FactorProof, PasskeyAnswer, PROOF_ERRORS, proveFactor } from './proof.ts'

const Token = Type.String({ maxLength: 2_000, description: 'Of the sign-in’s first step' })
const UseCookie = Type.Optional(Type.Boolean())

/** The second step of a sign-in, and signing in by passkey alone. */
export const factorSignInRoutes: Routes = async (app, deps) => {
  const { settings } = deps
  const config = tightLimit(settings)
  refuseForeignOrigin(app, settings)

  app.post(
    '/auth/factor/options',
    {
      config,
      schema: {
        tags: ['Identity'],
        body: closed({ token: Token }),
        response: responses(CeremonyOptions, 'SIGN_IN_EXPIRED', 'CSRF', 'UNKNOWN_FIELD'),
      },
    },
    async (request) => answer(request, { options: await offerProof(deps, await readPending(deps, request.body.token)) }),
  )

  app.post(
    '/auth/factor',
    {
      config,
      schema: {
        tags: ['Identity'],
        body: closed({ token: Token, proof: FactorProof, useCookie: UseCookie }),
        response: responses(Session, 'SIGN_IN_EXPIRED', 'CSRF', 'UNKNOWN_FIELD', ...PROOF_ERRORS),
      },
    },
    async (request, reply) => {
      const { token, proof, useCookie = false } = request.body
      const accountId = await readPending(deps, token)
      await proveFactor(deps, accountId, proof)
      return answer(request, await openSession(deps, request, reply, { accountId, useCookie, isFactorProven: true }))
    },
  )

  app.post(
    '/auth/passkey/options',
    { config, schema: { tags: ['Identity'], response: responses(CeremonyOptions, 'CSRF') } },
    async (request, reply) => {
      const browser = request.cookies[BROWSER_COOKIE] || newToken()
      setCookie(reply, settings, BROWSER_COOKIE, browser, BROWSER_SECONDS)
      return answer(request, { options: await offerSignIn(deps, browser) })
    },
  )

  app.post(
    '/auth/passkey',
    {
      config,
      schema: {
        tags: ['Identity'],
        body: closed({ passkey: PasskeyAnswer, useCookie: UseCookie }),
        response: responses(Session, 'PASSKEY_REFUSED', 'CSRF', 'UNKNOWN_FIELD'),
      },
    },
    async (request, reply) => {
      const { passkey, useCookie = false } = request.body
      const accountId = await signInByPasskey(deps, request.cookies[BROWSER_COOKIE], passkey as AuthenticationResponseJSON)
      // The key is something one has, and it asked for finger, face or PIN: both factors at once.
      return answer(request, await openSession(deps, request, reply, { accountId, useCookie, isFactorProven: true }))
    },
  )
}
