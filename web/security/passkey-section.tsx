import { useState } from 'react'
import { describeDevice } from '../../common/device.ts'
import type { FactorChange, Factors, PasskeyInfo } from '../../common/wire-factors.ts'
import { useApi } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Moment } from '../parts/moment.tsx'
import { Section } from '../parts/section.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { canUsePasskeys, makePasskey } from './passkey.ts'
import { ProveFirst } from './prove-first.tsx'

type Props = { factors: Factors; onChange: (change: FactorChange) => void }

/** The passkeys: added, named, removed. */
export function PasskeySection({ factors, onChange }: Props) {
  return (
    <Section title="Passkeys">
      <p className="max-w-prose text-soft">
        Sign in with your finger, your face or the PIN of a device. A passkey needs no password and works on this site only.
      </p>
      {factors.passkeys.length > 0 && (
        <ul className="card mt-4 divide-y divide-line">
          {factors.passkeys.map((passkey) => (
            <PasskeyRow key={passkey.id} passkey={passkey} factors={factors} onChange={onChange} />
          ))}
        </ul>
      )}
      {canUsePasskeys() ? <AddPasskey onChange={onChange} /> : <p className="mt-4">This browser can’t make passkeys.</p>}
    </Section>
  )
}

function PasskeyRow({ passkey, factors, onChange }: Props & { passkey: PasskeyInfo }) {
  const api = useApi()
  const [isNaming, setIsNaming] = useState(false)
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 px-5 py-3">
      {isNaming ? (
        <NameForm
          name={passkey.name}
          onName={async (name) => {
            onChange({ factors: await api.send<Factors>('PUT', `/auth/passkeys/${passkey.id}`, { name }), recoveryCodes: [] })
            setIsNaming(false)
          }}
        />
      ) : (
        <span>
          {passkey.name}
          <span className="block text-sm text-soft">
            {passkey.lastUsedAt ? (
              <>
                Last used <Moment at={passkey.lastUsedAt} />
              </>
            ) : (
              <>
                Added <Moment at={passkey.createdAt} />
              </>
            )}
            {passkey.isSynced && ' · copied between your devices'}
          </span>
        </span>
      )}
      <span className="flex flex-wrap">
        {!isNaming && (
          <button type="button" className="btn btn-quiet" onClick={() => setIsNaming(true)}>
            Rename <span className="sr-only">{passkey.name}</span>
          </button>
        )}
        <ProveFirst
          label="Remove"
          what={passkey.name}
          factors={factors}
          onProof={async (proof) => onChange(await api.send<FactorChange>('DELETE', `/auth/passkeys/${passkey.id}`, proof))}
        />
      </span>
    </li>
  )
}

function AddPasskey({ onChange }: Pick<Props, 'onChange'>) {
  const api = useApi()
  const { busy, error, submit } = useSubmit(async () => {
    const { options } = await api.send<{ options: object }>('POST', '/auth/passkeys/options')
    const passkey = await makePasskey(options)
    onChange(await api.send<FactorChange>('POST', '/auth/passkeys', { name: describeDevice(navigator.userAgent), passkey }))
  })
  return (
    <form onSubmit={submit}>
      <button type="submit" className="btn btn-line mt-4" aria-disabled={busy}>
        {busy ? 'Waiting for your device…' : 'Add a passkey'}
      </button>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}

function NameForm({ name, onName }: { name: string; onName: (name: string) => Promise<void> }) {
  const [text, setText] = useState(name)
  const { busy, error, submit } = useSubmit(() => onName(text.trim()))
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <TextField label="Name of the passkey" required maxLength={60} value={text} onChange={(event) => setText(event.target.value)} />
      <button type="submit" className="btn btn-line" aria-disabled={busy}>
        Save
      </button>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}
