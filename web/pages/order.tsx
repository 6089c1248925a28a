import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { Investment } from '../../common/wire.ts'
import { useApi, useTitle } from '../app.tsx'
import { Copyable } from '../parts/copyable.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { PayByWire } from '../parts/pay-by-wire.tsx'
import { ProgressList } from '../parts/progress-list.tsx'
import { RequireSession } from '../parts/require-session.tsx'
import { Bone, Skeleton } from '../parts/skeleton.tsx'
import { useFeed } from '../parts/use-feed.ts'
import { configQuery, investmentQuery } from '../queries.ts'
import { lastSecondBefore, money, whole } from '../view/format.ts'
import { canPayByWire, investmentSentence, investmentSteps, isMoving, orderChoices } from '../view/progress.ts'

/** One order, live: from the payment to units that nobody can take back. */
export function Order() {
  useTitle('Your order')
  return (
    <Page title="Your order">
      <RequireSession what="your order">{() => <Live />}</RequireSession>
    </Page>
  )
}

function Live() {
  const { investmentId } = useParams({ from: '/data/investments/$investmentId' })
  const feed = useFeed()
  const order = useQuery({
    ...investmentQuery(useApi(), investmentId),
    // The feed says when to look; without it the page looks by itself.
    refetchInterval: ({ state }) =>
      (state.data ? !isMoving(state.data) : state.status === 'error') ? false : feed === 'live' ? 5_000 : 2_000,
  })
  if (order.data) return <Shown order={order.data} />
  if (order.isError) return <ErrorNotice error={order.error} onRetry={() => order.refetch()} />
  return (
    <Skeleton what="your order">
      <Bone className="mt-6 h-32 w-full rounded-2xl" />
      <Bone className="mt-6 h-72 w-full rounded-2xl" />
    </Skeleton>
  )
}

function Shown({ order }: { order: Investment }) {
  const api = useApi()
  const client = useQueryClient()
  const config = useQuery(configQuery(api)).data
  const explorer = config?.explorerUrl
  const cancel = useMutation({
    mutationFn: () => api.send<Investment>('POST', `/investments/${order.id}/cancel`, {}, `cancel-${order.id}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['investments'] }),
  })
  const now = new Date()
  const choices = orderChoices(order, now)
  return (
    <div className="mt-4">
      <p className="numbers text-lg">
        {whole(order.units)} {order.units === '1' ? 'unit' : 'units'} of{' '}
        <Link to="/projects/$projectId" params={{ projectId: String(order.projectId) }} className="link">
          {order.projectName}
        </Link>{' '}
        for <strong>{money(order.amountCents, order.currency)}</strong>
      </p>
      <p
        role="status"
        className={`mt-4 rounded-xl border-l-4 px-4 py-3.5 ${order.state === 'payment_failed' ? 'border-l-clay bg-clay-mist' : 'border-l-pine bg-mist'}`}
      >
        {investmentSentence(order, now)}
      </p>
      {(choices.pay || choices.cancel) && (
        <div className="mt-5 flex flex-wrap items-center gap-3">
          {choices.pay && order.checkoutUrl && (
            <a className="btn btn-main" href={order.checkoutUrl}>
              {order.state === 'payment_failed' ? 'Try another card' : `Pay ${money(order.amountCents, order.currency)}`}
            </a>
          )}
          {choices.cancel && (
            <button
              type="button"
              className="btn btn-line"
              aria-disabled={cancel.isPending}
              onClick={() => !cancel.isPending && cancel.mutate()}
            >
              {cancel.isPending ? 'Cancelling…' : 'Cancel this order'}
            </button>
          )}
          <span className="text-sm text-soft">
            {order.state === 'paid' ? null : (
              <>
                Reserved until <Moment at={order.reservedUntil} />.{' '}
              </>
            )}
            {order.cancelUntil && (
              <>
                You can take it back without a reason, paid or not, until{' '}
                <time dateTime={order.cancelUntil}>{lastSecondBefore(order.cancelUntil)}</time>.
              </>
            )}
          </span>
        </div>
      )}
      {canPayByWire(order, config?.wireCurrencies ?? [], now) && <PayByWire order={order} />}
      {cancel.isError && <ErrorNotice error={cancel.error} />}
      {!['cancelled', 'expired', 'refunded', 'refund_due'].includes(order.state) && <ProgressList steps={investmentSteps(order, now)} />}
      <dl className="mt-8">
        <Row term="Goes to">
          <Copyable value={order.wallet} what="wallet address" href={explorer ? `${explorer}/address/${order.wallet}` : null} />
        </Row>
        {order.txHash && (
          <Row term="Transaction">
            <Copyable value={order.txHash} what="transaction" href={explorer ? `${explorer}/tx/${order.txHash}` : null} />
          </Row>
        )}
        {order.blockNumber && <Row term="Block">{whole(order.blockNumber)}</Row>}
        <Row term="Ordered">
          <Moment at={order.createdAt} />
        </Row>
      </dl>
      {['indexed', 'final'].includes(order.progress) && (
        <p className="mt-6">
          <Link to="/portfolio" className="btn btn-main">
            See your portfolio
          </Link>
        </p>
      )}
    </div>
  )
}

function Row({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 border-t border-line py-2.5">
      <dt className="text-soft">{term}</dt>
      <dd className="numbers">{children}</dd>
    </div>
  )
}
