import type { Address, LocalAccount } from 'viem'
import type { Db } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import { type MintArguments, makeMintCall } from './voucher.ts'

export interface MintRequest {
  deployment: Deployment
  paymentAttestor: LocalAccount
  investmentId: string
  accountId: string
  mint: Omit<MintArguments, 'unlockDay'> & { lockDays: number }
}

const DAY_MS = 86_400_000

/**
 * Queues one mint, its arguments frozen here: whatever happens later, only this mint is ever signed for the investment.
 * Its voucher is made here too, and made anew only when it can't be used any more.
 */
export async function requestMint(db: Db, request: MintRequest, now: Date): Promise<void> {
  const { deployment, paymentAttestor, investmentId, accountId } = request
  const { lockDays, ...mint } = request.mint
  const today = Math.floor(now.getTime() / DAY_MS)
  const unlockDay = lockDays === 0 ? 0 : today + lockDays
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
      await makeMintCall(paymentAttestor, deployment, { ...mint, unlockDay }, now),
      deployment.chainId,
      now,
    ],
  )
}
