import { useState } from 'react'
import type { FactorMethod } from '../../common/wire-factors.ts'
import { useApi } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { askPasskey } from './passkey.ts'

export type FactorProof = { method: FactorMethod; code?: string; passkey?: object }

type Props = {
  methods: FactorMethod[]
  /** What pressing the button does, e.g. "Sign in". */
  verb: string
  /** Where a challenge for a passkey is asked for. */
  optionsFrom: { path: string; body?: object }
  onProof: (proof: FactorProof) => Promise<void>
}

const OTHERS: Record<FactorMethod, string> = {
  passkey: 'Use a passkey instead',
  totp: 'Use a code of your authenticator app instead',
  recovery_code: 'Use a recovery code instead',
}

/** Proves a second factor: by passkey, by the app's code or by a recovery code, whichever the account has. */
export function FactorForm({ methods, verb, optionsFrom, onProof }: Props) {
  const api = useApi()
  const [method, setMethod] = useState<FactorMethod>(methods[0] ?? 'totp')
  const [code, setCode] = useState('')

  const { busy, error, submit } = useSubmit(async () => {
    if (method !== 'passkey') return onProof({ method, code: code.trim() })
    const { options } = await api.send<{ options: object }>('POST', optionsFrom.path, optionsFrom.body)
    return onProof({ method, passkey: await askPasskey(options) })
  })

  function choose(other: FactorMethod) {
    setMethod(other)
    setCode('')
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {method === 'passkey' && <p className="text-soft">Your device will ask for your finger, your face or its PIN.</p>}
      {method === 'totp' && (
        <TextField
          key="totp"
          label="Code of your authenticator app"
          hint="Six digits; a new one comes every 30 seconds."
          isCode
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          minLength={6}
          maxLength={7}
          value={code}
          onChange={(event) => setCode(event.target.value.replace(/\s/g, ''))}
        />
      )}
      {method === 'recovery_code' && (
        <TextField
          key="recovery"
          label="Recovery code"
          hint="One of the ten you wrote down. It is good for one time."
          isCode
          autoComplete="off"
          spellCheck={false}
          required
          minLength={16}
          maxLength={24}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      )}
      <button type="submit" className="btn btn-main" aria-disabled={busy}>
        {busy ? 'One moment…' : method === 'passkey' ? `${verb} with a passkey` : verb}
      </button>
      {error !== null && <ErrorNotice error={error} />}
      <div className="flex flex-col items-start">
        {methods
          .filter((other) => other !== method)
          .map((other) => (
            <button key={other} type="button" className="btn btn-quiet -ml-3 text-start" onClick={() => choose(other)}>
              {OTHERS[other]}
            </button>
          ))}
      </div>
    </form>
  )
}
