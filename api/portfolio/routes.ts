import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import { ClaimCall, Distribution, Portfolio, Ticket } from '../../common/wire.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import { isOwnOrigin } from '../http/cookies.ts'
import type { App, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { deriveKey } from '../http/tokens.ts'
import { closed } from '../http/validation.ts'
import { findActiveWallet, readPortfolio } from './queries.ts'
import { listReturns, prepareClaim } from './returns.ts'
import { issueTicket, redeemTicket } from './tickets.ts'

const ProjectId = Type.Integer({ minimum: 1, maximum: 16_777_215 })
const ReturnsQuery = closed({
  projectId: Type.Optional(ProjectId),
  cursor: Type.Optional(Type.String({ maxLength: 1_000 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
})
const ClaimRequest = closed({ projectIds: Type.Optional(Type.Array(ProjectId, { minItems: 1, maxItems: 100, uniqueItems: true })) })

/** What a wallet holds, what it was paid, and how it claims. */
export const portfolioRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings, deployment } = deps
  const cursorKey = deriveKey(settings.jwtSecret, 'cursor')

  await app.register(async (anyone: App) => {
    authenticate(anyone, deps, 'optional')
    for (const path of ['/returns', '/investments/distributions']) {
      anyone.get(
        path,
        { schema: { tags: ['Portfolio'], querystring: ReturnsQuery, response: responses(Type.Array(Distribution), 'BAD_CURSOR') } },
        async (request) => {
          const { projectId, cursor, limit = 20 } = request.query
          const wallet = request.viewer && ((await findActiveWallet(pool, request.viewer.accountId)) ?? NO_WALLET)
          const { rows, nextCursor } = await listReturns(pool, cursorKey, { wallet, projectId, cursor, limit })
          return answer(request, rows, { nextCursor })
        },
      )
    }
  })

  await app.register(async (own: App) => {
    authenticate(own, deps, { permission: 'investment.place' })

    own.get('/portfolio', { schema: { tags: ['Portfolio'], response: responses(Portfolio, 'UNAUTHENTICATED') } }, async (request) =>
      answer(request, await readPortfolio(pool, signedIn(request).accountId, clock())),
    )

    own.post('/portfolio/ticket', { schema: { tags: ['Portfolio'], response: responses(Ticket, 'UNAUTHENTICATED') } }, async (request) =>
      answer(request, { ticket: await issueTicket(pool, signedIn(request), clock()) }),
    )

    own.post(
      '/distributions/claim',
      {
        schema: {
          tags: ['Portfolio'],
          body: ClaimRequest,
          response: responses(ClaimCall, 'UNAUTHENTICATED', 'WALLET_REQUIRED', 'NOTHING_TO_CLAIM', 'UNKNOWN_FIELD'),
        },
      },
      async (request) => {
        const wallet = await findActiveWallet(pool, signedIn(request).accountId)
        if (wallet === null)
          throw new AppError('WALLET_REQUIRED', 'Link a wallet first: returns are paid to the wallet that holds the units')
        return answer(request, await prepareClaim(pool, deployment, wallet, request.body.projectIds))
      },
    )
  })
}

/** No address, so it holds nothing: a signed-in person without a wallet has a share of nothing. Not the zero address, which mints come from. */
const NO_WALLET = 'none'

/** The live feed. A socket is opened with a ticket; a bad one is told so by close code 1008. */
export const feedRoutes: Routes = async (app, { pool, clock, settings, feed, log }) => {
  for (const path of ['/ws/portfolio', '/api/v1/ws/portfolio']) {
    app.get(path, { websocket: true, schema: { hide: true } }, async (socket, request) => {
      socket.on('error', () => socket.terminate())
      if (!isOwnOrigin(request, settings)) return socket.close(1008, 'Another site may not connect')
      const { ticket } = request.query as { ticket?: unknown }
      try {
        const session = typeof ticket === 'string' ? await redeemTicket(pool, ticket, clock()) : undefined
        if (session === undefined) return socket.close(1008, 'The ticket is not valid; ask for a new one')
        feed.attach(socket, session)
      } catch (cause) {
        log.warn({ err: cause, requestId: request.id }, 'A feed connection could not be opened')
        socket.close(1013, 'Try again in a moment')
      }
    })
  }
}
