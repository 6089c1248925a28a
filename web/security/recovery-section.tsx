import { useEffect, useRef, useState } from 'react'
import type { FactorChange, Factors } from '../../common/wire-factors.ts'
import { useApi } from '../app.tsx'
import { Section } from '../parts/section.tsx'
import { ProveFirst } from './prove-first.tsx'

/** How many recovery codes are left, and new ones. */
export function RecoverySection({ factors, onChange }: { factors: Factors; onChange: (change: FactorChange) => void }) {
  const api = useApi()
  const left = factors.recoveryCodesLeft
  return (
    <Section title="Recovery codes">
      <p className="max-w-prose text-soft">
        Each stands in for a lost phone or key, once. {left === 1 ? 'One is left.' : left === 0 ? 'None is left.' : `${left} are left.`}
      </p>
      <div className="mt-2 -ml-3">
        <ProveFirst
          label="Make new codes"
          factors={factors}
          onProof={async (proof) => onChange(await api.send<FactorChange>('POST', '/auth/recovery-codes', proof))}
        />
      </div>
    </Section>
  )
}

/** The new codes, shown this one time. */
export function NewRecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const [copied, setCopied] = useState('')
  useEffect(() => heading.current?.focus(), [])
  async function copy() {
    await navigator.clipboard.writeText(codes.join('\n')).then(
      () => setCopied('Copied'),
      () => setCopied('Copying isn’t allowed here'),
    )
  }
  return (
    <section className="rounded-2xl border-2 border-lumen bg-lumen-mist p-5">
      <h2 ref={heading} tabIndex={-1} className="outline-none">
        Your recovery codes
      </h2>
      <p className="mt-2 max-w-prose">
        Write them down or print them now: they are shown this one time. With one of them you get in when your phone or key is lost.
      </p>
      <ol className="mt-4 grid list-none gap-x-8 gap-y-1 font-mono text-sm sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <p className="mt-4 flex flex-wrap items-center gap-3">
        <button type="button" className="btn btn-main" onClick={onKept}>
          I have kept them
        </button>
        <button type="button" className="btn btn-line" onClick={copy}>
          Copy all
        </button>
        <span role="status" className="text-sm">
          {copied}
        </span>
      </p>
    </section>
  )
}
