import type { Session } from '../../common/wire.ts'
import type { PendingSignIn } from '../../common/wire-factors.ts'
import { useApi } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Page } from '../parts/page.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { FactorForm } from './factor-form.tsx'
import { askPasskey, canUsePasskeys } from './passkey.ts'

type Entered = { onSession: (session: Session) => void }

/** The second step of a sign-in whose first was right. */
export function SecondStep({ pending, onSession, onBack }: Entered & { pending: PendingSignIn; onBack: () => void }) {
  const api = useApi()
  const { token, methods } = pending
  return (
    <Page title="One more step" lead="Your account has a second factor. Prove it within five minutes.">
      <div className="mt-8 max-w-md">
        <FactorForm
          methods={methods}
          verb="Sign in"
          optionsFrom={{ path: '/auth/factor/options', body: { token } }}
          onProof={async (proof) => onSession(await api.send<Session>('POST', '/auth/factor', { token, proof, useCookie: true }))}
        />
        <button type="button" className="btn btn-quiet -ml-3" onClick={onBack}>
          Begin again
        </button>
      </div>
    </Page>
  )
}

/** Signing in by passkey alone: the device knows whose it is. */
export function PasskeyDoor({ onSession }: Entered) {
  const api = useApi()
  const { busy, error, submit } = useSubmit(async () => {
    const { options } = await api.send<{ options: object }>('POST', '/auth/passkey/options')
    const passkey = await askPasskey(options)
    onSession(await api.send<Session>('POST', '/auth/passkey', { passkey, useCookie: true }))
  })
  if (!canUsePasskeys()) return null
  return (
    <form onSubmit={submit} className="mt-4 flex flex-col gap-4">
      <button type="submit" className="btn btn-line" aria-disabled={busy}>
        {busy ? 'Waiting for your device…' : 'Sign in with a passkey'}
      </button>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}
