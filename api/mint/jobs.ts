import type { Job } from '../outbox/job.ts'
import { listUnregistered, type RegistrationDeps, requestRegistration } from './registrations.ts'

/** The worker's part of registrations: identity approved and wallet active, in either order. */
export function registrationJobs(deps: RegistrationDeps): Job[] {
  const handle = async ({ accountId = '' }) => {
    await requestRegistration(deps, accountId)
  }
  const listOpen = async () => (await listUnregistered(deps.pool, deps.clock())).map((accountId) => ({ accountId }))
  return [
    { topic: 'account.approved', handle, listOpen },
    // The same accounts: listing them once is enough.
    { topic: 'wallet.linked', handle, listOpen: async () => [] },
  ]
}
