import type { ClaimCall, Portfolio } from '../../common/wire.ts'
import { claimReturns } from '../actions/claim.ts'
import { useApi } from '../app.tsx'
import { tokens } from '../view/format.ts'
import { useAction } from '../wallet/use-action.ts'
import { useWallet } from '../wallet/wallet-provider.tsx'
import { ActionButton } from './action-button.tsx'

/** Everything due to this wallet, paid out by one signature. */
export function ClaimCard({ portfolio }: { portfolio: Portfolio }) {
  const api = useApi()
  const { config } = useWallet()
  const amount = (base: string) => tokens(base, config.payoutTokenDecimals, config.payoutTokenSymbol)
  const isDue = BigInt(portfolio.claimable) > 0n
  const action = useAction({
    verb: `Claim ${amount(portfolio.claimable)}`,
    done: () => `Claimed ${amount(portfolio.claimable)}`,
    problem: isDue ? null : 'Nothing to claim now',
    wantedAddress: portfolio.wallet,
    prepare: async () => claimReturns.request({ call: await api.send<ClaimCall>('POST', '/distributions/claim', {}), config }),
  })
  return (
    <div className="card p-6">
      <h2 className="eyebrow font-sans!">Returns to claim</h2>
      <p className="numbers mt-2 font-display text-3xl font-semibold">{amount(portfolio.claimable)}</p>
      <p className="mt-1 mb-4 text-sm text-soft">
        Claimed so far: {amount(portfolio.claimed)}. The money waits in the vault as long as you like.
      </p>
      {(isDue || action.tx) && <ActionButton action={action} />}
    </div>
  )
}
