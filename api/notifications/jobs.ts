import type { Job } from '../outbox/job.ts'
import { listUnsent, type MailDeps, sendNotification } from './send.ts'

/** The worker's part of notifications. */
export function notificationJobs(deps: MailDeps): Job[] {
  return [
    {
      topic: 'notification',
      handle: ({ notificationId = '' }) => sendNotification(deps, notificationId),
      listOpen: async () => (await listUnsent(deps.pool, deps.clock())).map((notificationId) => ({ notificationId })),
    },
  ]
}
