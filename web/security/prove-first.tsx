import { useState } from 'react'
import type { Factors } from '../../common/wire-factors.ts'
import { methodsOf } from '../view/factor-methods.ts'
import { FactorForm, type FactorProof } from './factor-form.tsx'

type Props = { label: string; what?: string; factors: Factors; onProof: (proof: FactorProof) => Promise<void> }

/** A button that first asks for a second factor: for what takes a factor away or replaces one. `what` tells buttons of a list apart. */
export function ProveFirst({ label, what, factors, onProof }: Props) {
  const [isOpen, setIsOpen] = useState(false)
  if (!isOpen) {
    return (
      <button type="button" className="btn btn-quiet" onClick={() => setIsOpen(true)}>
        {label} {what && <span className="sr-only">{what}</span>}
      </button>
    )
  }
  return (
    <div className="w-full max-w-md rounded-xl border border-line p-4">
      <FactorForm
        methods={methodsOf(factors)}
        verb={label}
        optionsFrom={{ path: '/auth/confirm/options' }}
        onProof={async (proof) => {
          await onProof(proof)
          setIsOpen(false)
        }}
      />
      <button type="button" className="btn btn-quiet -ml-3" onClick={() => setIsOpen(false)}>
        Keep it as it is
      </button>
    </div>
  )
}
