import { Link } from '@tanstack/react-router'
import type { Investment } from '../../common/wire.ts'
import { money, whole } from '../view/format.ts'
import { INVESTMENT_STATE } from '../view/words.ts'
import { Chip } from './chip.tsx'
import { Section } from './section.tsx'

/** Orders on their way: paid or being minted, not yet in the wallet. */
export function OrderList({ pending }: { pending: Investment[] }) {
  if (pending.length === 0) return null
  return (
    <Section title="On the way">
      <ul className="card divide-y divide-line">
        {pending.map((order) => (
          <li key={order.id} className="flex flex-wrap items-center justify-between gap-3 px-5 py-3.5">
            <Link to="/investments/$investmentId" params={{ investmentId: order.id }} className="link">
              {whole(order.units)} {order.units === '1' ? 'unit' : 'units'} of {order.projectName}
            </Link>
            <span className="numbers flex items-center gap-3">
              {money(order.amountCents, order.currency)}
              <Chip tone={INVESTMENT_STATE[order.state].tone}>{INVESTMENT_STATE[order.state].word}</Chip>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  )
}
