import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import type { Address } from 'viem'
import { readContract } from 'viem/actions'
import { restrictionSentence } from '../../common/chain-restrictions.ts'
import type { Position } from '../../common/wire.ts'
import { type Transfer, transferCheck, transferUnits } from '../actions/transfer.ts'
import { whole } from '../view/format.ts'
import { readTransfer } from '../view/transfer-form.ts'
import { useAction } from '../wallet/use-action.ts'
import { useWallet } from '../wallet/wallet-provider.tsx'
import { ActionButton } from './action-button.tsx'
import { TextField } from './text-field.tsx'

/** Sending units: the ledger is asked first whether it would let them go, and its answer is put in words. */
export function TransferDialog({ position, wallet, onClose }: { position: Position; wallet: string; onClose: () => void }) {
  const { config, wagmi, chain } = useWallet()
  const titleId = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const [to, setTo] = useState('')
  const [units, setUnits] = useState('')
  const form = readTransfer(to, units, { from: wallet, held: position.units })
  const transfer: Transfer | null = form.ok
    ? {
        ledger: config.contracts.ownership as Address,
        from: wallet as Address,
        to: form.to,
        projectId: position.projectId,
        projectName: position.projectName,
        units: form.units,
      }
    : null
  const check = useQuery({
    queryKey: ['transfer-check', transfer && [transfer.to, transfer.projectId, String(transfer.units)]],
    queryFn: async () => Number(await readContract(wagmi.getClient({ chainId: chain.id }), transferCheck(transfer as Transfer))),
    enabled: transfer !== null,
    staleTime: 0,
    retry: 1,
  })
  const refusal = check.data === undefined ? null : restrictionSentence(check.data)
  const action = useAction({
    verb: transfer ? transferUnits.describe(transfer) : '',
    done: () => (transfer ? transferUnits.done(transfer) : ''),
    problem: !form.ok
      ? form.problem
      : check.isError
        ? 'The network can’t be reached'
        : check.isPending
          ? 'Asking the ledger…'
          : refusal
            ? 'This transfer isn’t allowed'
            : null,
    wantedAddress: wallet,
    prepare: () => transferUnits.request(transfer as Transfer),
  })
  useEffect(() => dialog.current?.showModal(), [])

  return (
    <dialog ref={dialog} aria-labelledby={titleId} onClose={onClose} className="m-auto w-full max-w-lg rounded-2xl bg-sheet p-6 text-ink">
      <div className="flex items-start justify-between gap-4">
        <h2 id={titleId}>Send units of {position.projectName}</h2>
        <button type="button" className="btn btn-quiet -mt-2 -mr-3" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </div>
      <p className="mt-1 text-soft">You hold {whole(position.units)}. A transfer can’t be undone.</p>
      <div className="mt-5 flex flex-col gap-4">
        <TextField
          label="Receiver’s wallet"
          isCode
          placeholder="0x…"
          spellCheck={false}
          autoComplete="off"
          value={to}
          onChange={(event) => setTo(event.target.value)}
          hint="The wallet of another verified investor"
          problem={form.toProblem}
        />
        <TextField
          label="Units"
          inputMode="numeric"
          autoComplete="off"
          value={units}
          onChange={(event) => setUnits(event.target.value)}
          problem={form.unitsProblem}
        />
        <p role="status" className={refusal ? 'font-semibold text-clay' : 'text-pine'}>
          {refusal ?? (check.data === 0 && form.ok ? 'The ledger would allow this transfer.' : '')}
        </p>
        <ActionButton action={action} />
      </div>
    </dialog>
  )
}
