import { openPool, type Pool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { type Market, startMarket } from '../investments/testing.ts'
import type { PaymentDeps } from './settle.ts'

export const GOOD_CARD = '4242424242424242'

/** A market that takes payments at the vendor's sandbox, and what the worker looks at them with. */
export interface Till {
  sandbox: TestSandbox
  market: Market
  worker: PaymentDeps & { pool: Pool }
  close(): Promise<void>
}

export async function openTill(): Promise<Till> {
  const sandbox = await startTestSandbox()
  const market = await startMarket({ sandboxUrl: sandbox.url })
  const worker = {
    pool: openPool(market.api.db.urlOf('terra_worker')),
    stripe: market.api.deps.stripe,
    isLive: false,
    clock: market.api.deps.clock,
    log: openLog('worker', 'silent'),
  }
  return {
    sandbox,
    market,
    worker,
    async close() {
      await worker.pool.end()
      await market.close()
      await sandbox.stop()
    },
  }
}

/** Fills the provider's own page. */
export async function payByCard(checkoutUrl: string, number = GOOD_CARD): Promise<void> {
  const body = new URLSearchParams({ number, expiry: '12/34', cvc: '123' })
  await fetch(checkoutUrl, { method: 'POST', body, redirect: 'manual' })
}
