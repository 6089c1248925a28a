import { Type } from 'typebox'
import type { Hex } from 'viem'
import { asViewer, inTransaction } from '../../common/node/db.ts'
import { Address, SiweChallenge, Wallet } from '../../common/wire.ts'
import { signInOrAsk, signInResponses } from '../accounts/open-session.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import { BROWSER_COOKIE, BROWSER_SECONDS, refuseForeignOrigin, setCookie } from '../http/cookies.ts'
import type { App, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { requireFresh } from '../http/fresh.ts'
import { tightLimit } from '../http/security.ts'
import { newToken } from '../http/tokens.ts'
import { closed } from '../http/validation.ts'
import { issueNonce, NONCE_MS } from './nonces.ts'
import { proveWallet, SIWE_ERRORS } from './prove.ts'
import { activateWallet, findOrCreateByWallet, listWallets } from './queries.ts'

/** Contract wallets' signatures can be long; a message never is. */
const Message = Type.String({ maxLength: 4_096 })
const Signature = Type.String({ maxLength: 65_536, pattern: '^0x([0-9a-fA-F]{2})+$' })
/** Signing in by wallet, and linking wallets to an account. */
export const walletRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings, deployment } = deps

  await app.register(async (open: App) => {
    refuseForeignOrigin(open, settings)
    const config = tightLimit(settings)

    open.post(
      '/auth/siwe/nonce',
      {
        config,
        schema: { tags: ['Identity'], body: closed({ address: Type.Optional(Address) }), response: responses(SiweChallenge, 'CSRF') },
      },
      async (request, reply) => {
        const browser = request.cookies[BROWSER_COOKIE] || newToken()
        setCookie(reply, settings, BROWSER_COOKIE, browser, BROWSER_SECONDS)
        const now = clock()
        return answer(request, {
          nonce: await issueNonce(pool, browser, now),
          domain: settings.publicUrl.host,
          uri: settings.publicUrl.origin,
          chainId: deployment.chainId,
          statement: 'Sign in to Terra Lumina. This costs nothing and moves nothing.',
          issuedAt: now.toISOString(),
          expirationTime: new Date(now.getTime() + NONCE_MS).toISOString(),
        })
      },
    )

    open.post(
      '/auth/siwe/verify',
      {
        config,
        schema: {
          tags: ['Identity'],
          body: closed({ message: Message, signature: Signature, useCookie: Type.Optional(Type.Boolean()) }),
          response: signInResponses(...SIWE_ERRORS),
        },
      },
      async (request, reply) => {
        const { message, signature, useCookie } = request.body
        const address = await proveWallet(deps, request, message, signature as Hex)
        const accountId = await inTransaction(pool, (db) => findOrCreateByWallet(db, address, clock()))
        return answer(request, await signInOrAsk(deps, request, reply, { accountId, useCookie: useCookie ?? false }))
      },
    )
  })

  await app.register(async (own: App) => {
    authenticate(own, deps, { permission: 'account.use' })
    refuseForeignOrigin(own, settings)

    own.get('/wallets', { schema: { tags: ['Identity'], response: responses(Type.Array(Wallet), 'UNAUTHENTICATED') } }, async (request) =>
      answer(request, await listWallets(pool, signedIn(request).accountId)),
    )

    await own.register(async (fresh: App) => {
      requireFresh(fresh, deps)
      fresh.post(
        '/wallets',
        {
          schema: {
            tags: ['Identity'],
            body: closed({ message: Message, signature: Signature }),
            response: responses(
              Type.Array(Wallet),
              'UNAUTHENTICATED',
              'CONFIRM_REQUIRED',
              'WALLET_IN_USE',
              'WALLET_LOCKED',
              ...SIWE_ERRORS,
            ),
          },
        },
        async (request) => {
          const viewer = signedIn(request)
          const address = await proveWallet(deps, request, request.body.message, request.body.signature as Hex)
          await asViewer(pool, viewer, (db) => activateWallet(db, viewer.accountId, address, clock()))
          return answer(request, await listWallets(pool, viewer.accountId))
        },
      )
    })
  })
}
