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

/** The same by a bank account of the tests; the bank answers later. */
export async function payByDebit(checkoutUrl: string, account = '000123456789'): Promise<void> {
  const body = new URLSearchParams({ method: 'bank', routing: '110000000', account })
  await fetch(checkoutUrl, { method: 'POST', body, redirect: 'manual' })
}

/** What is booked for a payment, and by which journals, oldest first. */
export async function booksOf(pool: Pool, paymentId: string): Promise<{ balances: Record<string, bigint>; journals: string[] }> {
  const booked = await pool.query(
    `select kind || ':' || owner as account, amount_minor as amount from app.payment_booked where payment_id = $1 and amount_minor <> 0 order by kind`,
    [paymentId],
  )
  const journals = await pool.query('select kind from app.journal where cause_id = $1 order by cause_number', [paymentId])
  return {
    balances: Object.fromEntries(booked.rows.map(({ account, amount }) => [account, BigInt(amount)])),
    journals: journals.rows.map(({ kind }) => kind),
  }
}
