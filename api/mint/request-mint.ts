import type { Address } from 'viem'
import type { Db } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { encodeMint, type MintArguments } from './ledger.ts'

export interface MintRequest {
  deployment: Deployment
  investmentId: string
  accountId: string
  mint: Omit<MintArguments, 'unlockDay'> & { lockDays: number }
}

const DAY_MS = 86_400_000

/** Queues one mint, its arguments frozen here: whatever happens later, only this call is ever signed for the investment. */
export async function requestMint(db: Db, { deployment, investmentId, accountId, mint }: MintRequest, now: Date): Promise<void> {
  const today = Math.floor(now.getTime() / DAY_MS)
  const unlockDay = mint.lockDays === 0 ? 0 : today + mint.lockDays
  await db.query(
    `insert into app.chain_intent
       (kind, subject, investment_id, account_id, wallet, to_address, call_data, state, chain_id, created_at, updated_at)
     values ('mint', $1, $2, $3, $4, $5, $6, 'created', $7, $8, $8)
     on conflict do nothing`,
    [
      mint.investmentId,
      investmentId,
      accountId,
      mint.investor,
      deployment.ownership as Address,
      encodeMint({ ...mint, unlockDay }),
      deployment.chainId,
      now,
    ],
  )
}
