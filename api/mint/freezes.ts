import type { Address } from 'viem'
import { type Db, inTransaction } from '../../common/node/db.ts'
import type { Job } from '../outbox/job.ts'
import { attest, FROZEN } from './attestation.ts'
import type { RegistrationDeps } from './registrations.ts'

interface Record {
  investorId: string
  wallet: Address
  country: number
  class: number
  expiresAt: Date
}

/** How long an attestation may be used; one that lies longer is replaced by a fresh one. */
const DEADLINE_SECONDS = 7 * 24 * 3_600

/** The worker's part of freezes: who is frozen here is frozen on chain. The end of a freeze is a new registration. */
export function freezeJobs(deps: RegistrationDeps): Job[] {
  return [
    {
      topic: 'account.frozen',
      handle: async ({ accountId = '' }) => void (await requestFreeze(deps, accountId)),
      listOpen: async () => (await listUnfrozen(deps.pool)).map((accountId) => ({ accountId })),
    },
  ]
}

/** Frozen accounts that can still send or receive on chain, and whose freeze there is not on its way. */
export async function listUnfrozen(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ accountId: string }>(`select distinct a.id as "accountId" ${TO_FREEZE} limit 200`)
  return rows.map(({ accountId }) => accountId)
}

/** Queues the on-chain freeze of a frozen account, once for each of its wallets; else does nothing. */
export async function requestFreeze({ pool, deployment, attestor, clock, log }: RegistrationDeps, accountId: string): Promise<boolean> {
  return inTransaction(pool, async (db) => {
    // The same lock as registrations take: of the two only one is under way.
    await db.query(`select pg_advisory_xact_lock(hashtextextended('register ' || $1, 0))`, [accountId])
    const { rows } = await db.query<Record>(
      `select a.investor_id as "investorId", w.address as wallet, o.country, o.class, o.expires_at as "expiresAt" ${TO_FREEZE} and a.id = $1`,
      [accountId],
    )
    const now = clock()
    let queued = 0
    for (const record of rows) {
      // A registration that has no transaction yet would only undo it.
      await db.query(
        `update app.chain_intent set state = 'cancelled', updated_at = $3
         where account_id = $1 and wallet = $2 and kind = 'register' and not is_freeze and state = 'created'`,
        [accountId, record.wallet, now],
      )
      const issuedAt = Math.floor(now.getTime() / 1000)
      const { digest, callData } = await attest(
        attestor,
        { chainId: deployment.chainId, registrar: deployment.registrar as Address },
        {
          account: record.wallet,
          flags: FROZEN,
          expiry: Math.floor(record.expiresAt.getTime() / 1000),
          country: record.country,
          class: record.class,
          investorId: BigInt(record.investorId),
          issuedAt,
          deadline: issuedAt + DEADLINE_SECONDS,
        },
      )
      const { rowCount } = await db.query(
        `insert into app.chain_intent
           (kind, is_freeze, subject, account_id, wallet, attested_until, to_address, call_data, state, chain_id, created_at, updated_at)
         values ('register', true, $1, $2, $3, $4, $5, $6, 'created', $7, $8, $8)
         on conflict do nothing`,
        [digest, accountId, record.wallet, record.expiresAt, deployment.registrar, callData, deployment.chainId, now],
      )
      queued += rowCount ?? 0
    }
    if (queued > 0) log.info({ accountId }, 'Queued a freeze on chain')
    return queued > 0
  })
}

// Without an expiry the record is of a wallet that was revoked already: it has no rights.
const TO_FREEZE = `
  from app.account a
  join app.account_freeze f on f.account_id = a.id and f.lifted_at is null
  join app.wallet w on w.account_id = a.id
  join chain.account o on o.account = w.address and o.investor_id = a.investor_id
  where o.flags & 3 <> 0 and o.expires_at > to_timestamp(0)
    and not exists (
      select from app.chain_intent c
      where c.account_id = a.id and c.wallet = w.address and c.is_freeze and c.state <> 'cancelled' and c.created_at >= f.frozen_at)`
