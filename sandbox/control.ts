import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { type Misbehaviour, WELL_BEHAVED } from './deliver.ts'
import type { Fault, Faults } from './faults.ts'
import type { Vendor } from './state.ts'
import { settleDebits } from './stripe/bank-debits.ts'
import { openDispute } from './stripe/disputes.ts'
import { failRefund } from './stripe/refunds.ts'
import type { StripeVendor } from './stripe/vendor.ts'

const Count = Type.Integer({ minimum: 0, maximum: 1_000 })
const Secret = Type.Union([Type.String({ minLength: 1 }), Type.Null()])
const Webhooks = Type.Object(
  {
    vendor: Type.Optional(Type.Union([Type.Literal('stripe'), Type.Literal('onfido'), Type.Literal('sumsub')])),
    duplicate: Type.Optional(Count),
    reorder: Type.Optional(Count),
    delaySeconds: Type.Optional(Type.Number({ minimum: 0, maximum: 3_600 })),
    skewSeconds: Type.Optional(Type.Integer()),
    rotatedSecret: Type.Optional(Secret),
    forgedSecret: Type.Optional(Secret),
    drop: Type.Optional(Count),
  },
  { additionalProperties: false },
)
const FaultBody = Type.Object(
  {
    path: Type.String({ pattern: '^/' }),
    method: Type.Optional(Type.String({ pattern: '^[A-Z]+$' })),
    count: Type.Optional(Type.Integer({ minimum: 1 })),
    status: Type.Optional(Type.Integer({ minimum: 400, maximum: 599 })),
    timeoutMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 600_000 })),
    loseAnswer: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

/** How tests make the vendors misbehave; no vendor has these paths. See README.md. */
export async function control(app: FastifyInstance, { vendor, faults }: { vendor: StripeVendor; faults: Faults }) {
  const { store, deliverer } = vendor

  app.get('/webhooks', async () => ({
    stripe: deliverer.misbehaviour('stripe'),
    onfido: deliverer.misbehaviour('onfido'),
    sumsub: deliverer.misbehaviour('sumsub'),
    deliveries: store.state.deliveries.map(({ body: _body, ...rest }) => rest),
  }))
  // Each call states the whole behaviour: what is not named goes back to normal.
  app.post('/webhooks', async (request, reply) => {
    if (!Value.Check(Webhooks, request.body)) return reply.status(400).send({ problems: problemsOf(Webhooks, request.body) })
    const { vendor, ...how } = request.body
    const vendors: Vendor[] = vendor === undefined ? ['stripe', 'onfido', 'sumsub'] : [vendor]
    for (const name of vendors) deliverer.misbehave(name, { ...WELL_BEHAVED, ...(how as Partial<Misbehaviour>) })
    return {
      stripe: deliverer.misbehaviour('stripe'),
      onfido: deliverer.misbehaviour('onfido'),
      sumsub: deliverer.misbehaviour('sumsub'),
    }
  })
  app.post<{ Body: { eventId?: string } }>('/webhooks/resend', async (request, reply) => {
    const past = store.state.deliveries.find(({ eventId }) => eventId === request.body?.eventId)
    if (past === undefined) return reply.status(404).send({ problems: ['no delivery of that event'] })
    deliverer.send(past.vendor, past.eventId, past.type, past.body)
    return { ok: true }
  })
  // As when a payer goes to the bank days after the payment.
  app.post<{ Body: { payment_intent?: string } }>('/stripe/disputes', async (request, reply) => {
    const charge = Object.values(vendor.store.state.charges).find(
      (one) => one.payment_intent === request.body?.payment_intent && one.paid && !one.disputed,
    )
    if (charge === undefined) return reply.status(404).send({ problems: ['no paid charge of that payment intent'] })
    return openDispute(vendor, charge)
  })
  // The days that banks take are over.
  app.post('/stripe/settle-debits', async () => ({ settled: settleDebits(vendor, 0) }))
  // As when the payer's account was closed meanwhile.
  app.post<{ Body: { refund?: string } }>('/stripe/failed-refunds', async (request, reply) => {
    const refund = vendor.store.state.refunds[request.body?.refund ?? '']
    if (refund === undefined || refund.status === 'failed') return reply.status(404).send({ problems: ['no such refund'] })
    failRefund(vendor, refund)
    return refund
  })
  app.get('/faults', async () => faults.list())
  app.post('/faults', async (request, reply) => {
    if (!Value.Check(FaultBody, request.body)) return reply.status(400).send({ problems: problemsOf(FaultBody, request.body) })
    faults.add({ count: 1, ...request.body } as Fault)
    return faults.list()
  })
  app.delete('/faults', async () => {
    faults.clear()
    return faults.list()
  })
}

function problemsOf(schema: typeof Webhooks | typeof FaultBody, value: unknown): string[] {
  return [...Value.Errors(schema, value)].map((problem) => `${problem.instancePath} ${problem.message}`)
}
