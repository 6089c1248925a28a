import type { Address, LocalAccount } from 'viem'
import { countryOf } from '../../common/countries.ts'
import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import type { Log } from '../../common/node/log.ts'
import { attest, CLASS_RETAIL, SEND_AND_RECEIVE } from './attestation.ts'

export interface RegistrationDeps {
  pool: Pool
  deployment: Deployment
  attestor: LocalAccount
  clock: () => Date
  log: Log
}

interface Candidate {
  investorId: string
  wallet: Address
  country: string | null
  expiresAt: Date
}

/** How long an attestation may be used; one that lies longer is replaced by a fresh one. */
const DEADLINE_SECONDS = 7 * 24 * 3_600

/** Accounts whose identity is approved, whose wallet is active, and whose record is neither on chain nor on its way. */
export async function listUnregistered(db: Db, now: Date): Promise<string[]> {
  const { rows } = await db.query<{ accountId: string }>(`select a.id as "accountId" ${CANDIDATES} limit 200`, [now])
  return rows.map(({ accountId }) => accountId)
}

/**
 * Queues the on-chain registration of an account that is ready for it, once; else does nothing.
 * Either order of approval and wallet leads here.
 */
export async function requestRegistration(deps: RegistrationDeps, accountId: string): Promise<boolean> {
  const { pool, deployment, attestor, clock, log } = deps
  return inTransaction(pool, async (db) => {
    // The bell and the poller may come at once.
    await db.query(`select pg_advisory_xact_lock(hashtextextended('register ' || $1, 0))`, [accountId])
    const now = clock()
    const { rows } = await db.query<Candidate>(
      `select a.investor_id as "investorId", w.address as wallet, a.country, k.expires_at as "expiresAt" ${CANDIDATES} and a.id = $2`,
      [now, accountId],
    )
    const candidate = rows[0]
    if (!candidate) return false
    const issuedAt = Math.floor(now.getTime() / 1000)
    const { digest, callData } = await attest(
      attestor,
      { chainId: deployment.chainId, registrar: deployment.registrar as Address },
      {
        account: candidate.wallet,
        flags: SEND_AND_RECEIVE,
        expiry: Math.floor(candidate.expiresAt.getTime() / 1000),
        country: candidate.country === null ? 0 : (countryOf(candidate.country)?.numeric ?? 0),
        class: CLASS_RETAIL,
        investorId: BigInt(candidate.investorId),
        issuedAt,
        deadline: issuedAt + DEADLINE_SECONDS,
      },
    )
    const { rowCount } = await db.query(
      `insert into app.chain_intent
         (kind, subject, account_id, wallet, attested_until, to_address, call_data, state, chain_id, created_at, updated_at)
       values ('register', $1, $2, $3, $4, $5, $6, 'created', $7, $8, $8)
       on conflict do nothing`,
      [digest, accountId, candidate.wallet, candidate.expiresAt, deployment.registrar, callData, deployment.chainId, now],
    )
    if (rowCount === 1) log.info({ accountId, wallet: candidate.wallet }, 'Queued a registration on chain')
    return rowCount === 1
  })
}

// The newest decision counts: while an approval is being renewed the one before holds. A registration that was refused waits in review: it is not asked again with the same approval.
const CANDIDATES = `
  from app.account a
  join app.wallet w on w.account_id = a.id and w.active
  join lateral (
    select state, expires_at from app.kyc_check where account_id = a.id order by decided_at is null, created_at desc limit 1
  ) k on k.state = 'approved' and k.expires_at > $1
  where app.account_hold(a.id) is null
    and not exists (
      select from app.chain_intent c
      where c.account_id = a.id and c.kind = 'register' and c.wallet = w.address and c.state <> 'cancelled' and c.attested_until >= k.expires_at
        and c.created_at > coalesce((select max(f.lifted_at) from app.account_freeze f where f.account_id = a.id), '-infinity'))
    and not exists (
      select from chain.account o
      where o.account = w.address and o.investor_id = a.investor_id and o.flags & 3 = 3 and o.expires_at >= date_trunc('second', k.expires_at))`
