import type { Job } from '../outbox/job.ts'
import { closeCheckout, listToClose } from './expire.ts'
import { listRefundsDue, refundInvestment } from './refund.ts'
import { checkPayment, listDuePayments, type PaymentDeps } from './settle.ts'
import { listUnsettledWires, settleWire } from './settle-wire.ts'

/** The worker's part of payments. */
export function paymentJobs(deps: PaymentDeps): Job[] {
  return [
    {
      topic: 'payment.check',
      handle: ({ paymentId = '' }) => checkPayment(deps, paymentId),
      listOpen: async () => (await listDuePayments(deps.pool, deps.clock())).map((paymentId) => ({ paymentId })),
    },
    {
      topic: 'checkout.close',
      handle: ({ investmentId = '' }) => closeCheckout(deps, investmentId),
      listOpen: async () => (await listToClose(deps.pool, deps.clock())).map((investmentId) => ({ investmentId })),
    },
    {
      topic: 'wire.confirmed',
      handle: ({ wireId = '' }) => settleWire(deps, wireId),
      listOpen: async () => (await listUnsettledWires(deps.pool)).map((wireId) => ({ wireId })),
    },
    {
      topic: 'refund.due',
      handle: ({ investmentId = '' }) => refundInvestment(deps, investmentId),
      listOpen: async () => (await listRefundsDue(deps.pool)).map((investmentId) => ({ investmentId })),
    },
  ]
}
