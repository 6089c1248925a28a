import { useState } from 'react'
import { sha256Hex } from '../view/file-hash.ts'

type State = 'idle' | 'running' | 'same' | 'different' | 'failed'

/** Downloads a file and computes its SHA-256 in this browser, against the fingerprint on record. */
export function VerifyFile({ url, sha256, what }: { url: string; sha256: string; what: string }) {
  const [state, setState] = useState<State>('idle')

  async function verify() {
    if (state === 'running') return
    setState('running')
    try {
      const response = await fetch(url)
      if (!response.ok) throw new Error(String(response.status))
      setState((await sha256Hex(await response.arrayBuffer())) === sha256 ? 'same' : 'different')
    } catch {
      setState('failed')
    }
  }

  return (
    <p className="flex flex-wrap items-center gap-x-2">
      <span role="status">
        {state === 'same' && <span className="font-semibold text-pine">✓ The file is exactly the one on record</span>}
        {state === 'different' && <span className="font-semibold text-clay">✗ This file is not the one on record. Don’t rely on it.</span>}
        {state === 'failed' && <span className="font-semibold text-clay">The file couldn’t be loaded. Try again.</span>}
      </span>
      {state !== 'same' && (
        <button type="button" className="btn btn-quiet -mx-3 text-sm" onClick={verify} aria-disabled={state === 'running'}>
          {state === 'running' ? 'Computing…' : 'Verify in your browser'}
          <span className="sr-only">: {what}</span>
        </button>
      )}
    </p>
  )
}
