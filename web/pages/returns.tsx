import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { PublicConfig } from '../../common/wire.ts'
import { useApi, useSession, useTitle } from '../app.tsx'
import { Chip } from '../parts/chip.tsx'
import { Copyable } from '../parts/copyable.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { QueryPart } from '../parts/query-part.tsx'
import { Bone } from '../parts/skeleton.tsx'
import { configQuery, returnsQuery } from '../queries.ts'
import { tokens } from '../view/format.ts'

/** What projects have paid out: all of it for everybody, one's own share for whoever is signed in. */
export function Returns() {
  useTitle('Returns')
  const session = useSession()
  const isMine = session.kind === 'signed_in'
  return (
    <Page
      wide
      title="Returns"
      lead={
        isMine
          ? 'Every payout you have a share in, by the units you held when it was made.'
          : 'Every payout that projects have made, newest first. Sign in to see your own share.'
      }
    >
      {session.kind !== 'checking' && <List key={session.kind} isMine={isMine} />}
    </Page>
  )
}

function List({ isMine }: { isMine: boolean }) {
  const api = useApi()
  const config = useQuery(configQuery(api)).data
  const returns = useInfiniteQuery(returnsQuery(api))
  const amount = (base: string) => (config ? tokens(base, config.payoutTokenDecimals, config.payoutTokenSymbol) : '…')
  return (
    <div className="mt-8">
      <QueryPart
        query={returns}
        what="returns"
        isEmpty={({ pages }) => pages[0]?.items.length === 0}
        bones={<Bone className="h-56 w-full rounded-2xl" />}
        empty={
          <p className="card p-8 text-center text-lg">
            {isMine ? 'None of your projects has paid out yet. ' : 'No project has paid out yet. '}
            <Link to="/projects" className="link">
              See the projects
            </Link>
          </p>
        }
      >
        {({ pages }) => (
          <div className="card px-3 py-1 sm:px-4">
            <table className="cards-table">
              <thead>
                <tr>
                  <th>Project</th>
                  <th>Paid on</th>
                  <th className="num">Paid in all</th>
                  {isMine && <th className="num">Your share</th>}
                  {isMine && <th>State</th>}
                  <th>Transaction</th>
                </tr>
              </thead>
              <tbody>
                {pages
                  .flatMap(({ items }) => items)
                  .map((row) => (
                    <tr key={`${row.projectId}/${row.epoch}`}>
                      <th scope="row">
                        <Link to="/projects/$projectId" params={{ projectId: String(row.projectId) }} className="link">
                          {row.projectName}
                        </Link>
                      </th>
                      <td data-label="Paid on">
                        <Moment at={row.paidAt} dayOnly />
                      </td>
                      <td className="num" data-label="Paid in all">
                        {amount(row.amount)}
                      </td>
                      {isMine && (
                        <td className="num" data-label="Your share">
                          <strong>{row.share === null ? '–' : amount(row.share)}</strong>
                        </td>
                      )}
                      {isMine && (
                        <td data-label="State">
                          <Chip tone={row.claimed ? 'good' : 'wait'}>{row.claimed ? 'Claimed' : 'To claim'}</Chip>
                        </td>
                      )}
                      <td data-label="Transaction">
                        <Transaction hash={row.txHash} config={config} />
                      </td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        )}
      </QueryPart>
      {returns.hasNextPage && (
        <p className="mt-6 text-center">
          <button type="button" className="btn btn-line" onClick={() => returns.fetchNextPage()}>
            {returns.isFetchingNextPage ? 'Loading…' : 'Show more'}
          </button>
        </p>
      )}
      {isMine && (returns.data?.pages[0]?.items.length ?? 0) > 0 && (
        <p className="mt-6">
          <Link to="/portfolio" className="btn btn-main">
            Claim in your portfolio
          </Link>
        </p>
      )}
    </div>
  )
}

function Transaction({ hash, config }: { hash: string; config: PublicConfig | undefined }) {
  return <Copyable value={hash} what="transaction" href={config?.explorerUrl ? `${config.explorerUrl}/tx/${hash}` : null} />
}
