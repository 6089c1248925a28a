import { useState } from 'react'
import type { FactorChange, Factors, TotpSetup } from '../../common/wire-factors.ts'
import { useApi } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Moment } from '../parts/moment.tsx'
import { Section } from '../parts/section.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { ProveFirst } from './prove-first.tsx'
import { TotpSetupForm } from './totp-setup-form.tsx'

type Props = { factors: Factors; onChange: (change: FactorChange) => void }

/** The authenticator app: set up, in use, or removed. */
export function TotpSection({ factors, onChange }: Props) {
  const api = useApi()
  return (
    <Section title="Authenticator app">
      {factors.totpSince === null ? (
        <Missing onChange={onChange} />
      ) : (
        <div className="card flex flex-wrap items-center justify-between gap-3 px-5 py-3">
          <span>
            In use
            <span className="block text-sm text-soft">
              Since <Moment at={factors.totpSince} />
            </span>
          </span>
          <ProveFirst
            label="Remove"
            what="the authenticator app"
            factors={factors}
            onProof={async (proof) => onChange(await api.send<FactorChange>('DELETE', '/auth/totp', proof))}
          />
        </div>
      )}
    </Section>
  )
}

function Missing({ onChange }: Pick<Props, 'onChange'>) {
  const api = useApi()
  const [setup, setSetup] = useState<TotpSetup | null>(null)
  const { busy, error, submit } = useSubmit(async () => setSetup(await api.send<TotpSetup>('POST', '/auth/totp')))
  if (setup) {
    return (
      <TotpSetupForm
        setup={setup}
        onCancel={() => setSetup(null)}
        onCode={async (code) => onChange(await api.send<FactorChange>('POST', '/auth/totp/confirm', { code }))}
      />
    )
  }
  return (
    <form onSubmit={submit}>
      <p className="max-w-prose text-soft">An app on your phone shows a new code every 30 seconds; signing in then asks for it too.</p>
      <button type="submit" className="btn btn-line mt-4" aria-disabled={busy}>
        {busy ? 'One moment…' : 'Set up an authenticator app'}
      </button>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}
