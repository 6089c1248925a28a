import { randomBytes } from 'node:crypto'
import type { LightMyRequestResponse } from 'fastify'
import type { Exemption, Session } from '../../common/wire.ts'
import { startTestApi, TEST_DEPLOYMENT, type TestApi, type TestApiOptions } from '../testing.ts'

export interface Buyer extends Session {
  wallet: string
}

/** The api with projects to invest in and investors who may. The mirror says what the indexer would have written. */
export interface Market {
  api: TestApi
  addProject(options?: {
    unitsOffered?: number
    unitPriceCents?: number
    minInvestmentCents?: number
    state?: string
    exemption?: Exemption
    closesAt?: Date
  }): Promise<number>
  addBuyer(options?: {
    hasKyc?: boolean
    isRegistered?: boolean
    hasWallet?: boolean
    country?: string
    investorClass?: number
  }): Promise<Buyer>
  /** Orders units; every call with a key of its own unless one is given. */
  order(buyer: Session, body: object, key?: string): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

const ZERO = `0x${'0'.repeat(64)}`

export async function startMarket(options: TestApiOptions = {}): Promise<Market> {
  const api = await startTestApi(options)
  const { admin } = api.db
  await admin.query('insert into chain.block (block_number, block_hash, parent_hash, block_time) values (0, $1, $1, now())', [ZERO])
  const issuer = await admin.query<{ id: string }>(`insert into app.issuer (name, country) values ('Sun AG', 'DE') returning id`)
  let count = 0
  return {
    api,
    async addProject({
      unitsOffered = 1_000,
      unitPriceCents = 1_000,
      minInvestmentCents = 1_000,
      state = 'active',
      exemption,
      closesAt,
    } = {}) {
      const { rows } = await admin.query<{ id: number }>(
        `insert into app.project
           (issuer_id, slug, name, summary, description, technology, build_status, country, city, latitude, longitude, capacity_kw, annual_mwh,
            unit_price_cents, units_offered, min_investment_cents, expected_return_bps, exit_years, exit_target_per_unit, submitted_at,
            exemption, lock_days, currency, closes_at)
         values ($1, $2, $2, 's', 'd', 'solar', 'operating', 'DE', 'Bonn', 50, 7, 1000, 1000, $3, $4, $5, 500, 10, 0, $6, $7, $8, $9, $10)
         returning project_id as id`,
        [
          issuer.rows[0]!.id,
          `project-${++count}`,
          unitPriceCents,
          unitsOffered,
          minInvestmentCents,
          state === 'draft' ? null : new Date(),
          exemption ?? null,
          exemption === 'reg_cf' ? 366 : 0,
          exemption === 'ecsp' ? 'EUR' : 'USD',
          closesAt ?? null,
        ],
      )
      const { id } = rows[0]!
      if (state === 'draft' || state === 'submitted') return id
      await admin.query(
        `insert into chain.project_created
           (block_number, log_index, block_time, tx_hash, project_id, cap, max_holders, lock_days, payout_token, exit_target_per_unit)
         values (0, $1, now(), $2, $1, $3, 0, 0, $4, 0)`,
        [id, ZERO, unitsOffered, TEST_DEPLOYMENT.payoutToken],
      )
      await admin.query(
        `insert into chain.project_state (block_number, log_index, block_time, tx_hash, project_id, state, reason) values (0, $1, now(), $2, $1, $3, $2)`,
        [id, ZERO, state],
      )
      return id
    },
    async addBuyer({ hasKyc = true, isRegistered = true, hasWallet = true, country = 'DE', investorClass = 0 } = {}) {
      const number = ++count
      const session = await api.register(`buyer${number}@investor.example`)
      const wallet = `0x${randomBytes(20).toString('hex')}`
      const { id, investorId } = session.user
      await admin.query('update app.account set country = $2 where id = $1', [id, country])
      if (hasKyc) {
        await admin.query(
          `insert into app.kyc_check (account_id, provider, applicant_ref, check_ref, state, created_at, decided_at, expires_at)
           values ($1, 'onfido', 'a', $2, 'approved', now(), now(), now() + interval '1 year')`,
          [id, `check-${number}`],
        )
      }
      if (hasWallet) await admin.query('insert into app.wallet (address, account_id, proven_at) values ($1, $2, now())', [wallet, id])
      if (hasWallet && isRegistered) {
        await admin.query(
          `insert into chain.account_set (block_number, log_index, block_time, tx_hash, account, flags, expires_at, country, class, investor_id)
           values (0, $1, now(), $2, $3, 3, now() + interval '1 year', 276, $5, $4)`,
          [number, ZERO, wallet, investorId, investorClass],
        )
      }
      return { ...session, wallet }
    },
    order: (buyer, body, key = randomBytes(8).toString('hex')) =>
      api.call('POST', 'investments', body, buyer.accessToken, { 'idempotency-key': key }),
    close: () => api.close(),
  }
}
