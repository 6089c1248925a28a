import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Investment } from '../../common/wire.ts'
import type { WireInstructions } from '../../common/wire-transfers.ts'
import { useApi } from '../app.tsx'
import { money } from '../view/format.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Moment } from './moment.tsx'

/** Pays an order by bank transfer: asks for the reference, and shows what to write on the transfer. Asked again it is the same. */
export function PayByWire({ order }: { order: Investment }) {
  const api = useApi()
  const client = useQueryClient()
  const choose = useMutation({
    mutationFn: () => api.send<WireInstructions>('POST', `/investments/${order.id}/wire`, {}, `wire-${order.id}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['investments'] }),
  })
  if (choose.isError) return <ErrorNotice error={choose.error} />
  if (!choose.data) {
    return (
      <p className="mt-4">
        <button
          type="button"
          className="btn btn-line"
          aria-disabled={choose.isPending}
          onClick={() => !choose.isPending && choose.mutate()}
        >
          {choose.isPending ? 'Getting your reference…' : 'Pay by bank transfer'}
        </button>
      </p>
    )
  }
  const { reference, amountCents, currency, payTo, payBefore } = choose.data
  return (
    <section className="mt-6 rounded-xl bg-mist px-4 py-3.5" aria-labelledby="by-transfer" aria-live="polite">
      <h2 id="by-transfer" className="font-semibold">
        Transfer exactly {money(amountCents, currency)}
      </h2>
      <p className="mt-2">
        Write this reference on the transfer, and nothing else: <strong className="font-mono">{reference}</strong>
      </p>
      <p className="mt-2 whitespace-pre-line">{payTo}</p>
      <p className="mt-2 text-sm text-soft">
        Your units stay reserved until <Moment at={payBefore} />. Another amount, or a transfer without the reference, has to be looked at
        and takes longer.
      </p>
    </section>
  )
}
