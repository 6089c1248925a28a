import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import { asViewer, type Db } from '../../common/node/db.ts'
import { literals, Uuid } from '../../common/wire.ts'
import { Network, OutsideChallenge, OutsideWallet } from '../../common/wire-wallets.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import { BROWSER_COOKIE, BROWSER_SECONDS, refuseForeignOrigin, setCookie } from '../http/cookies.ts'
import type { App, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { requireFresh } from '../http/fresh.ts'
import { newToken } from '../http/tokens.ts'
import { closed } from '../http/validation.ts'
import { consumeNonce, issueNonce } from './nonces.ts'
import { isSignedByOutside, outsideMessage, readOutsideAddress } from './outside-address.ts'
import { linkOutside, listOutsideWallets, unlinkOutside } from './outside-queries.ts'

const Address = Type.String({ minLength: 1, maxLength: 120 })
const Label = Type.Optional(Type.String({ minLength: 1, maxLength: 60 }))
const Provable = literals('solana', 'bitcoin')

/** Addresses besides the wallet that receives units: watched, or proven by what their own network signs with. */
export const outsideWalletRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings } = deps
  authenticate(app, deps, { permission: 'account.use' })
  refuseForeignOrigin(app, settings)
  const list = Type.Array(OutsideWallet)
  const after = (accountId: string, work: (db: Db, now: Date) => Promise<void>) =>
    asViewer(pool, { accountId }, async (db) => {
      await work(db, clock())
      return listOutsideWallets(db, accountId)
    })

  app.get('/wallets/outside', { schema: { tags: ['Identity'], response: responses(list, 'UNAUTHENTICATED') } }, async (request) =>
    answer(request, await after(signedIn(request).accountId, async () => {})),
  )

  await app.register(async (fresh: App) => {
    requireFresh(fresh, deps)
    const errors = ['UNAUTHENTICATED', 'CONFIRM_REQUIRED', 'UNKNOWN_FIELD', 'CSRF'] as const

    fresh.post(
      '/wallets/outside',
      {
        schema: {
          tags: ['Identity'],
          body: closed({ network: Network, address: Address, label: Label }),
          response: responses(list, 'ADDRESS_INVALID', 'LIMIT_WALLETS', ...errors),
        },
      },
      async (request) => {
        const { accountId } = signedIn(request)
        const { network, label = null } = request.body
        const address = readOutsideAddress(network, request.body.address)
        return answer(
          request,
          await after(accountId, (db, now) => linkOutside(db, accountId, { network, address, label, isProven: false }, now)),
        )
      },
    )

    fresh.post(
      '/wallets/outside/challenge',
      {
        schema: {
          tags: ['Identity'],
          body: closed({ network: Provable, address: Address }),
          response: responses(OutsideChallenge, 'ADDRESS_INVALID', ...errors),
        },
      },
      async (request, reply) => {
        const { network } = request.body
        const address = readOutsideAddress(network, request.body.address)
        const browser = request.cookies[BROWSER_COOKIE] || newToken()
        setCookie(reply, settings, BROWSER_COOKIE, browser, BROWSER_SECONDS)
        const nonce = await issueNonce(pool, browser, clock())
        return answer(request, { nonce, message: outsideMessage(settings.publicUrl.host, network, address, nonce) })
      },
    )

    fresh.post(
      '/wallets/outside/prove',
      {
        schema: {
          tags: ['Identity'],
          body: closed({
            network: Provable,
            address: Address,
            nonce: Type.String({ maxLength: 100 }),
            signature: Type.String({ maxLength: 1_000 }),
            label: Label,
          }),
          response: responses(
            list,
            'ADDRESS_INVALID',
            'SIWE_NONCE_UNKNOWN',
            'SIGNATURE_WRONG',
            'WALLET_IN_USE',
            'LIMIT_WALLETS',
            ...errors,
          ),
        },
      },
      async (request) => {
        const { accountId } = signedIn(request)
        const { network, nonce, signature, label = null } = request.body
        const address = readOutsideAddress(network, request.body.address)
        await consumeNonce(pool, nonce, request.cookies[BROWSER_COOKIE], clock())
        const message = outsideMessage(settings.publicUrl.host, network, address, nonce)
        if (!isSignedByOutside(network, address, message, signature.trim()))
          throw new AppError('SIGNATURE_WRONG', 'The signature was not made with that address over exactly this text')
        return answer(
          request,
          await after(accountId, (db, now) => linkOutside(db, accountId, { network, address, label, isProven: true }, now)),
        )
      },
    )

    fresh.delete(
      '/wallets/outside/:id',
      { schema: { tags: ['Identity'], params: closed({ id: Uuid }), response: responses(list, 'NOT_FOUND', ...errors) } },
      async (request) => {
        const { accountId } = signedIn(request)
        return answer(request, await after(accountId, (db) => unlinkOutside(db, accountId, request.params.id)))
      },
    )
  })
}
