import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Position } from '../../common/wire.ts'
import { money, tokens, whole } from '../view/format.ts'
import { PROJECT_STATE } from '../view/words.ts'
import { useWallet } from '../wallet/wallet-provider.tsx'
import { Chip } from './chip.tsx'
import { LandscapePicture } from './landscape-picture.tsx'
import { Moment } from './moment.tsx'
import { Section } from './section.tsx'
import { TransferDialog } from './transfer-dialog.tsx'

/** Units held now, by project. */
export function Positions({ positions, wallet }: { positions: Position[]; wallet: string | null }) {
  const { config } = useWallet()
  const [sending, setSending] = useState<Position | null>(null)
  const amount = (base: string) => tokens(base, config.payoutTokenDecimals, config.payoutTokenSymbol)
  return (
    <Section title="Units you hold">
      {positions.length === 0 ? (
        <p className="card p-8 text-center text-lg">
          You hold no units yet.{' '}
          <Link to="/projects" search={{ state: 'active' }} className="link">
            Find a project
          </Link>
        </p>
      ) : (
        <div className="card px-3 py-1 sm:px-4">
          <table className="cards-table">
            <thead>
              <tr>
                <th>Project</th>
                <th className="num">Units</th>
                <th className="num">Value</th>
                <th className="num">To claim</th>
                <th className="num">Claimed</th>
                <th>
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {positions.map((position) => (
                <tr key={position.projectId}>
                  <th scope="row">
                    <span className="flex items-center gap-3">
                      <LandscapePicture
                        seed={position.projectId}
                        technologies={['none']}
                        width={120}
                        height={80}
                        className="hidden h-10 w-15 shrink-0 rounded-md sm:block"
                      />
                      <span>
                        <Link to="/projects/$projectId" params={{ projectId: String(position.projectId) }} className="link">
                          {position.projectName}
                        </Link>{' '}
                        {position.state !== 'active' && (
                          <Chip tone={PROJECT_STATE[position.state].tone}>{PROJECT_STATE[position.state].word}</Chip>
                        )}
                      </span>
                    </span>
                  </th>
                  <td className="num" data-label="Units">
                    {whole(position.units)}
                  </td>
                  <td className="num" data-label="Value">
                    {money(position.valueCents, position.currency)}
                  </td>
                  <td className="num" data-label="To claim">
                    {amount(position.claimable)}
                  </td>
                  <td className="num" data-label="Claimed">
                    {amount(position.claimed)}
                  </td>
                  <td className="num">
                    <button
                      type="button"
                      className="btn btn-quiet"
                      onClick={() => setSending(position)}
                      aria-label={`Send units of ${position.projectName}`}
                    >
                      Send units
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {sending && wallet && <TransferDialog position={sending} wallet={wallet} onClose={() => setSending(null)} />}
    </Section>
  )
}

/** Projects whose units went to their community, with when and how many. */
export function ClosedPositions({ positions }: { positions: Position[] }) {
  const { config } = useWallet()
  if (positions.length === 0) return null
  return (
    <Section title="Closed: now owned by the community">
      <div className="card px-3 py-1 sm:px-4">
        <table className="cards-table">
          <thead>
            <tr>
              <th>Project</th>
              <th>Closed on</th>
              <th className="num">Units handed over</th>
              <th className="num">Claimed in all</th>
              <th className="num">To claim</th>
            </tr>
          </thead>
          <tbody>
            {positions.map((position) => (
              <tr key={position.projectId}>
                <th scope="row">
                  <Link to="/projects/$projectId" params={{ projectId: String(position.projectId) }} className="link">
                    {position.projectName}
                  </Link>
                </th>
                <td data-label="Closed on">{position.closedAt && <Moment at={position.closedAt} dayOnly />}</td>
                <td className="num" data-label="Units handed over">
                  {whole(position.closedUnits)}
                </td>
                <td className="num" data-label="Claimed in all">
                  {tokens(position.claimed, config.payoutTokenDecimals, config.payoutTokenSymbol)}
                </td>
                <td className="num" data-label="To claim">
                  {tokens(position.claimable, config.payoutTokenDecimals, config.payoutTokenSymbol)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  )
}
