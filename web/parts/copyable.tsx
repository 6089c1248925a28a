import { useState } from 'react'
import { shortHex } from '../view/format.ts'

/** An address, hash or CID: short for the eye, whole for screen readers, the clipboard and, where there is one, the explorer. */
export function Copyable({ value, what, href }: { value: string; what: string; href?: string | null }) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no')
  async function copy() {
    const worked = await navigator.clipboard.writeText(value).then(
      () => true,
      () => false,
    )
    setCopied(worked ? 'yes' : 'failed')
    setTimeout(() => setCopied('no'), 2_000)
  }
  return (
    <span className="inline-flex items-center gap-1">
      {href ? (
        <a className="link font-mono text-sm" href={href} target="_blank" rel="noreferrer" title={value}>
          <span aria-hidden="true">{shortHex(value)}</span>
          <span className="sr-only">{`${what} ${value}, opens in a new tab`}</span>
        </a>
      ) : (
        <span className="font-mono text-sm" title={value}>
          <span aria-hidden="true">{shortHex(value)}</span>
          <span className="sr-only">{value}</span>
        </span>
      )}
      <button
        type="button"
        className="inline-flex min-h-8 min-w-8 items-center justify-center rounded-full px-2 text-sm text-pine hover:bg-mist"
        onClick={copy}
        aria-label={`Copy ${what}`}
      >
        <CopyIcon done={copied === 'yes'} />
      </button>
      <span role="status" className="text-sm text-soft">
        {copied === 'yes' ? 'Copied' : copied === 'failed' ? 'Copying isn’t allowed here' : ''}
      </span>
    </span>
  )
}

function CopyIcon({ done }: { done: boolean }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5">
      {done ? <path d="M3 8.5l3.2 3.2L13 5" /> : <path d="M5.5 5.5h7v8h-7zM10.5 5.5v-3h-7v8h2" />}
    </svg>
  )
}
