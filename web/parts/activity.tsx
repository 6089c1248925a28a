import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useApi } from '../app.tsx'
import { investmentsQuery } from '../queries.ts'
import { money, whole } from '../view/format.ts'
import { INVESTMENT_STATE } from '../view/words.ts'
import { Chip } from './chip.tsx'
import { Moment } from './moment.tsx'
import { QueryPart } from './query-part.tsx'
import { Section } from './section.tsx'

/** Every order ever made, whatever became of it. */
export function Activity() {
  const orders = useQuery(investmentsQuery(useApi()))
  return (
    <Section title="Your orders">
      <QueryPart query={orders} what="your orders" isEmpty={(list) => list.length === 0} empty={<p>You have ordered nothing yet.</p>}>
        {(list) => (
          <div className="card px-3 py-1 sm:px-4">
            <table className="cards-table">
              <thead>
                <tr>
                  <th>Order</th>
                  <th>Made on</th>
                  <th className="num">Amount</th>
                  <th>State</th>
                </tr>
              </thead>
              <tbody>
                {list.map((order) => (
                  <tr key={order.id}>
                    <th scope="row">
                      <Link to="/investments/$investmentId" params={{ investmentId: order.id }} className="link">
                        {whole(order.units)} {order.units === '1' ? 'unit' : 'units'} of {order.projectName}
                      </Link>
                    </th>
                    <td data-label="Made on">
                      <Moment at={order.createdAt} />
                    </td>
                    <td className="num" data-label="Amount">
                      {money(order.amountCents, order.currency)}
                    </td>
                    <td data-label="State">
                      <Chip tone={INVESTMENT_STATE[order.state].tone}>{INVESTMENT_STATE[order.state].word}</Chip>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </QueryPart>
    </Section>
  )
}
