import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { OutsideWallet } from '../../common/wire-wallets.ts'
import { useApi, useTitle } from '../app.tsx'
import { AddressForm } from '../parts/address-form.tsx'
import { Chip } from '../parts/chip.tsx'
import { Copyable } from '../parts/copyable.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Page } from '../parts/page.tsx'
import { QueryPart } from '../parts/query-part.tsx'
import { RequireSession } from '../parts/require-session.tsx'
import { Section } from '../parts/section.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { outsideWalletsQuery } from '../queries.ts'
import { NETWORKS } from '../view/networks.ts'

/** Addresses besides the wallet that receives units. */
export function WalletsPage() {
  useTitle('Other wallets')
  return (
    <Page title="Other wallets">
      <p className="mt-2">
        <Link to="/account" className="link">
          Back to your account
        </Link>
      </p>
      <p className="mt-4 max-w-prose text-soft">
        Units go to the one wallet of your account. Here you keep others in view: watch any address, or prove by a signature that it is
        yours.
      </p>
      <RequireSession what="your wallets">{() => <Shown />}</RequireSession>
    </Page>
  )
}

function Shown() {
  const query = useQuery(outsideWalletsQuery(useApi()))
  return (
    <div className="mt-6 flex flex-col gap-10">
      <Section title="Linked addresses">
        <QueryPart
          query={query}
          what="your addresses"
          isEmpty={(list) => list.length === 0}
          empty={<p className="text-soft">None yet. Add one below.</p>}
        >
          {(list) => (
            <ul className="flex flex-col gap-4">
              {list.map((wallet) => (
                <li key={wallet.id} className="card p-5">
                  <Wallet wallet={wallet} />
                </li>
              ))}
            </ul>
          )}
        </QueryPart>
      </Section>
      <Section title="Add an address">
        <AddressForm />
      </Section>
    </div>
  )
}

function Wallet({ wallet }: { wallet: OutsideWallet }) {
  const api = useApi()
  const client = useQueryClient()
  const { busy, error, submit } = useSubmit(async () => {
    client.setQueryData(outsideWalletsQuery(api).queryKey, await api.send<OutsideWallet[]>('DELETE', `/wallets/outside/${wallet.id}`))
  })
  return (
    <form onSubmit={submit}>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <strong>{wallet.label ?? NETWORKS[wallet.network]}</strong>
        <Chip tone={wallet.provenAt === null ? 'calm' : 'good'}>{wallet.provenAt === null ? 'Watched' : 'Proven'}</Chip>
        <span className="text-sm text-soft">{NETWORKS[wallet.network]}</span>
      </p>
      <p className="mt-1 min-w-0">
        <Copyable value={wallet.address} what="address" />
      </p>
      {wallet.positions.map(({ projectId, projectName, units }) => (
        <p key={projectId} className="mt-1">
          <Link to="/projects/$projectId" params={{ projectId: String(projectId) }} className="link">
            {projectName}
          </Link>
          : {units} units
        </p>
      ))}
      {error !== null && <ErrorNotice error={error} />}
      <button type="submit" className="btn btn-quiet -mx-3 mt-1" aria-disabled={busy}>
        {busy ? 'Removing…' : 'Remove'}
        <span className="sr-only">: {wallet.label ?? wallet.address}</span>
      </button>
    </form>
  )
}
