import { type Breaker, type BreakerState, openBreaker } from '../../common/node/breaker.ts'
import type { Db, Pool } from '../../common/node/db.ts'
import type { Log } from '../../common/node/log.ts'

export type Vendor = 'stripe' | 'onfido' | 'sumsub' | 'breaches' | 'mail'
export type Guards = Record<Vendor, Breaker>

/** A breaker for every vendor. Changes go to the log and to a table, so that any process can tell of all. */
export function openGuards({ process, pool, clock, log }: { process: 'api' | 'worker'; pool: Pool; clock: () => Date; log: Log }): Guards {
  const onChange = ({ vendor, state, openUntil }: BreakerState) => {
    log.warn({ vendor, state, openUntil }, state === 'open' ? 'A vendor failed too often and is not asked for now' : 'A vendor works again')
    pool
      .query(
        `insert into app.vendor_state (process, vendor, state, open_until, changed_at) values ($1, $2, $3, $4, $5)
         on conflict (process, vendor) do update set state = excluded.state, open_until = excluded.open_until, changed_at = excluded.changed_at`,
        [process, vendor, state, openUntil, clock()],
      )
      .catch((cause: Error) => log.warn({ vendor, reason: cause.message }, 'The state of a vendor could not be noted'))
  }
  const guard = (vendor: Vendor) => openBreaker(vendor, { clock, onChange })
  return { stripe: guard('stripe'), onfido: guard('onfido'), sumsub: guard('sumsub'), breaches: guard('breaches'), mail: guard('mail') }
}

/** Vendors that one of the processes doesn't ask now, or only tries again. */
export async function listVendorsAway(
  db: Db,
  now: Date,
): Promise<{ process: 'api' | 'worker'; vendor: string; state: 'open' | 'probing'; openUntil: string }[]> {
  const { rows } = await db.query<{ process: 'api' | 'worker'; vendor: string; openUntil: Date }>(
    `select process, vendor, open_until as "openUntil" from app.vendor_state where state <> 'closed' order by process, vendor`,
  )
  return rows.map(({ openUntil, ...row }) => ({ ...row, state: now < openUntil ? 'open' : 'probing', openUntil: openUntil.toISOString() }))
}
