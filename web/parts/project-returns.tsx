import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useApi } from '../app.tsx'
import { configQuery, returnsQuery } from '../queries.ts'
import { tokens, whole } from '../view/format.ts'
import { Copyable } from './copyable.tsx'
import { Moment } from './moment.tsx'
import { QueryPart } from './query-part.tsx'
import { Section } from './section.tsx'

/** What the project has paid out so far. */
export function ProjectReturns({ projectId }: { projectId: number }) {
  const api = useApi()
  const config = useQuery(configQuery(api)).data
  const returns = useInfiniteQuery(returnsQuery(api, projectId))
  return (
    <Section title="Returns paid">
      <QueryPart
        query={returns}
        what="returns"
        isEmpty={({ pages }) => pages[0]?.items.length === 0}
        empty={<p>Nothing has been paid out yet.</p>}
      >
        {({ pages }) => (
          <table className="cards-table">
            <thead>
              <tr>
                <th>Paid on</th>
                <th className="num">Amount</th>
                <th className="num">Units that shared it</th>
                <th>Transaction</th>
              </tr>
            </thead>
            <tbody>
              {pages
                .flatMap(({ items }) => items)
                .map((row) => (
                  <tr key={row.epoch}>
                    <td data-label="Paid on">
                      <Moment at={row.paidAt} dayOnly />
                    </td>
                    <td className="num" data-label="Amount">
                      {config ? tokens(row.amount, config.payoutTokenDecimals, config.payoutTokenSymbol) : '…'}
                    </td>
                    <td className="num" data-label="Units that shared it">
                      {whole(row.supply)}
                    </td>
                    <td data-label="Transaction">
                      <Copyable
                        value={row.txHash}
                        what="transaction"
                        href={config?.explorerUrl ? `${config.explorerUrl}/tx/${row.txHash}` : null}
                      />
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        )}
      </QueryPart>
    </Section>
  )
}
