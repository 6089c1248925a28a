import { Type } from 'typebox'
import { inTransaction } from '../../common/node/db.ts'
import { Uuid } from '../../common/wire.ts'
import { Amount, Currency, Wire, WireInstructions } from '../../common/wire-transfers.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import type { App, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { requireFresh } from '../http/fresh.ts'
import { closed } from '../http/validation.ts'
import { chooseWire } from './choose-wire.ts'
import { decideWire, listWires, proposeWire } from './wires.ts'

const ById = closed({ id: Uuid })
const NewWire = closed({
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
  bankRef: Type.String({ minLength: 1, maxLength: 140, description: 'The bank’s own name for the movement' }),
  reference: Type.String({ minLength: 1, maxLength: 140, description: 'The order’s reference' }),
  amountMinor: Amount,
  currency: Currency,
  bookedOn: Type.String({ format: 'date' }),
})
const DECISION_ERRORS = ['UNAUTHENTICATED', 'FORBIDDEN', 'CONFIRM_REQUIRED', 'NOT_FOUND', 'FOUR_EYES', 'WIRE_DECIDED'] as const

/** Paying by bank transfer: what the investor writes on it, and the desk where two people match it with the bank statement. */
export const wireRoutes: Routes = async (app, deps) => {
  const { pool, clock } = deps

  await app.register(async (own: App) => {
    authenticate(own, deps, { permission: 'investment.place' })
    own.post(
      '/investments/:id/wire',
      {
        schema: {
          tags: ['Investments'],
          params: ById,
          response: responses(WireInstructions, 'UNAUTHENTICATED', 'INVESTMENT_NOT_FOUND', 'STEP_ORDER', 'WIRE_NOT_OFFERED'),
        },
      },
      async (request) => answer(request, await chooseWire(deps, signedIn(request).accountId, request.params.id)),
    )
  })

  await app.register(async (desk: App) => {
    authenticate(desk, deps, { permission: 'wire.work' })
    desk.get(
      '/wires',
      {
        schema: {
          tags: ['Wires'],
          querystring: closed({ state: Type.Optional(Wire.properties.state) }),
          response: responses(Type.Array(Wire), 'UNAUTHENTICATED', 'FORBIDDEN'),
        },
      },
      async (request) => answer(request, await listWires(pool, request.query.state)),
    )

    await desk.register(async (fresh: App) => {
      requireFresh(fresh, deps)
      fresh.post(
        '/wires',
        {
          schema: {
            tags: ['Wires'],
            body: NewWire,
            response: responses(
              Wire,
              'UNAUTHENTICATED',
              'FORBIDDEN',
              'CONFIRM_REQUIRED',
              'UNKNOWN_FIELD',
              'WIRE_REFERENCE_UNKNOWN',
              'WIRE_KNOWN',
              'REFUND_EXCEEDS',
            ),
          },
        },
        async (request) => {
          const { accountId } = signedIn(request)
          const wire = { ...request.body, amountMinor: BigInt(request.body.amountMinor) }
          return answer(request, await inTransaction(pool, (db) => proposeWire(db, accountId, wire, clock())))
        },
      )
      for (const [path, state] of [
        ['confirm', 'confirmed'],
        ['return', 'returned'],
      ] as const) {
        fresh.post(
          `/wires/:id/${path}`,
          { schema: { tags: ['Wires'], params: ById, response: responses(Wire, ...DECISION_ERRORS) } },
          async (request) => {
            const { accountId } = signedIn(request)
            return answer(request, await inTransaction(pool, (db) => decideWire(db, accountId, request.params.id, state, clock())))
          },
        )
      }
    })
  })
}
