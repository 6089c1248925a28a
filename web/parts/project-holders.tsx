import { useQuery } from '@tanstack/react-query'
import { useApi } from '../app.tsx'
import { configQuery, holdersQuery } from '../queries.ts'
import { percent, whole } from '../view/format.ts'
import { Copyable } from './copyable.tsx'
import { QueryPart } from './query-part.tsx'
import { Section } from './section.tsx'

/** Who holds the units, by address; the chain knows no names. */
export function ProjectHolders({ projectId }: { projectId: number }) {
  const api = useApi()
  const holders = useQuery(holdersQuery(api, projectId))
  const explorer = useQuery(configQuery(api)).data?.explorerUrl
  return (
    <Section
      title="Holders"
      {...(holders.data && { aside: `${whole(holders.data.count)} in all · block ${whole(holders.data.asOfBlock)}` })}
    >
      <QueryPart
        query={holders}
        what="holders"
        isEmpty={({ count }) => count === 0}
        empty={<p>Nobody holds units yet. The first investor will stand here.</p>}
      >
        {({ top }) => (
          <table className="cards-table">
            <thead>
              <tr>
                <th>Address</th>
                <th className="num">Units</th>
                <th className="num">Share</th>
              </tr>
            </thead>
            <tbody>
              {top.map((row) => (
                <tr key={row.holder}>
                  <td>
                    <Copyable value={row.holder} what="address" href={explorer ? `${explorer}/address/${row.holder}` : null} />
                  </td>
                  <td className="num" data-label="Units">
                    {whole(row.units)}
                  </td>
                  <td className="num" data-label="Share">
                    {percent(row.shareBps)}
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
