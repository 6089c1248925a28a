import type { Job } from '../outbox/job.ts'
import { keepLists } from './lists-in-force.ts'
import { countUnscreened, type ScreeningDeps, screenAccount, screenDue } from './screen.ts'

/** The worker's part of sanctions: who gave a name or linked a wallet is compared at once, and everybody again when a list changes. */
export function sanctionsJobs(given: Omit<ScreeningDeps, 'lists'>): Job[] {
  const deps = { ...given, lists: keepLists() }
  return [
    {
      topic: 'sanctions.screen',
      handle: ({ accountId = '' }) => screenAccount(deps, accountId),
      // The same accounts as below: listing them once is enough.
      listOpen: async () => [],
    },
    {
      topic: 'sanctions.rescreen',
      handle: async () => {
        const compared = await screenDue(deps, (done) => deps.log.info({ done }, 'Comparing everybody with the sanctions lists'))
        if (compared > 0) deps.log.info({ compared }, 'Everybody is compared with the sanctions lists')
      },
      listOpen: async () => ((await countUnscreened(deps.pool)) > 0 ? [{}] : []),
    },
  ]
}
