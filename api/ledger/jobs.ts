import type { Pool } from '../../common/node/db.ts'
import type { Job } from '../outbox/job.ts'
import { listUnbooked, settleBooks } from './book-payment.ts'

/** The worker's part of the ledger: what a state moved without reading its payment is booked a moment later. */
export function ledgerJobs({ pool, clock }: { pool: Pool; clock: () => Date }): Job[] {
  return [
    {
      topic: 'ledger.book',
      handle: ({ paymentId = '' }) => settleBooks(pool, paymentId, clock()),
      listOpen: async () => (await listUnbooked(pool)).map((paymentId) => ({ paymentId })),
    },
  ]
}
