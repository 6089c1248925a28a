import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Portfolio } from '../../common/wire.ts'
import { useApi, useTitle } from '../app.tsx'
import { Activity } from '../parts/activity.tsx'
import { ClaimCard } from '../parts/claim-card.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Notice } from '../parts/notice.tsx'
import { OrderList } from '../parts/order-list.tsx'
import { Page } from '../parts/page.tsx'
import { ClosedPositions, Positions } from '../parts/positions.tsx'
import { RequireSession } from '../parts/require-session.tsx'
import { Bone, Skeleton } from '../parts/skeleton.tsx'
import { useFeed } from '../parts/use-feed.ts'
import { portfolioQuery } from '../queries.ts'
import { money, whole } from '../view/format.ts'
import { WalletProvider } from '../wallet/wallet-provider.tsx'

/** What one's wallet holds, as the mirror had it at a named block. */
export function PortfolioPage() {
  useTitle('Your portfolio')
  return (
    <Page wide title="Your portfolio">
      <RequireSession what="your portfolio">{() => <Live />}</RequireSession>
    </Page>
  )
}

function Live() {
  const feed = useFeed()
  const portfolio = useQuery({ ...portfolioQuery(useApi()), refetchInterval: feed === 'live' ? 30_000 : 5_000 })
  if (portfolio.data) return <Shown portfolio={portfolio.data} isLive={feed === 'live'} />
  if (portfolio.isError) return <ErrorNotice error={portfolio.error} onRetry={() => portfolio.refetch()} />
  return (
    <Skeleton what="your portfolio">
      <div className="mt-6 grid gap-4 sm:grid-cols-3">
        <Bone className="h-28 rounded-2xl" />
        <Bone className="h-28 rounded-2xl" />
        <Bone className="h-28 rounded-2xl" />
      </div>
      <Bone className="mt-8 h-72 w-full rounded-2xl" />
    </Skeleton>
  )
}

function Shown({ portfolio, isLive }: { portfolio: Portfolio; isLive: boolean }) {
  const held = portfolio.positions.filter((position) => BigInt(position.units) > 0n)
  const closed = portfolio.positions.filter((position) => position.closedAt !== null)
  return (
    <div className="mt-2 flex flex-col gap-12">
      <p className="numbers text-sm text-soft">
        As the chain had it at block {whole(portfolio.asOfBlock)} · final up to {whole(portfolio.finalBlock)} ·{' '}
        {isLive ? 'updates live' : 'looks again every few seconds'}
      </p>
      {portfolio.wallet === null && (
        <Notice tone="wait" title="No wallet is linked yet">
          <p>Units live in your own wallet. Link it once and this page shows what it holds.</p>
          <p className="mt-3">
            <Link to="/account" className="btn btn-main">
              Link a wallet
            </Link>
          </p>
        </Notice>
      )}
      <WalletProvider>
        <div className="grid gap-4 md:grid-cols-2">
          <div className="card p-6">
            <h2 className="eyebrow font-sans!">Value at unit price</h2>
            {(portfolio.values.length === 0 ? [{ currency: 'USD', valueCents: '0' }] : portfolio.values).map(({ currency, valueCents }) => (
              <p key={currency} className="numbers mt-2 font-display text-3xl font-semibold">
                {money(valueCents, currency)}
              </p>
            ))}
            <p className="mt-1 text-sm text-soft">
              {held.length === 0 ? 'No open position' : `${held.length} open ${held.length === 1 ? 'position' : 'positions'}`}. What a buyer
              would pay may differ.
            </p>
          </div>
          <ClaimCard portfolio={portfolio} />
        </div>
        <OrderList pending={portfolio.pending} />
        <Positions positions={held} wallet={portfolio.wallet} />
        <ClosedPositions positions={closed} />
        <Activity />
      </WalletProvider>
    </div>
  )
}
