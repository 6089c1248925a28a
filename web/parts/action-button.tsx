import { useState } from 'react'
import { ConnectList } from '../wallet/connect-list.tsx'
import type { useAction } from '../wallet/use-action.ts'
import { Notice } from './notice.tsx'
import { TxStatus } from './tx-status.tsx'

/** The one primary button of a wallet action, with the wallets to choose from, what went wrong, and what became of it. */
export function ActionButton({ action }: { action: ReturnType<typeof useAction> }) {
  const { step, press, trouble, tx } = action
  const [choosing, setChoosing] = useState(false)
  return (
    <div>
      <button
        type="button"
        className="btn btn-main w-full sm:w-auto"
        aria-disabled={step.act === 'none'}
        onClick={() => (step.act === 'connect' ? setChoosing(true) : press())}
      >
        {step.label}
      </button>
      {choosing && step.act === 'connect' && (
        <div className="mt-3 max-w-sm">
          <ConnectList onConnected={() => setChoosing(false)} />
        </div>
      )}
      <div role="status">
        {trouble && (
          <Notice tone={trouble.kind === 'rejected' ? 'calm' : 'bad'} title={trouble.title}>
            <p>{trouble.help}</p>
            {trouble.detail && <p className="mt-1 text-sm break-words text-soft">{trouble.detail}</p>}
          </Notice>
        )}
      </div>
      {tx && <TxStatus tx={tx} />}
    </div>
  )
}
