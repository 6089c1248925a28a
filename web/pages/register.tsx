import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Session } from '../../common/wire.ts'
import { useApi, useSession, useTitle } from '../app.tsx'
import { AlreadySignedIn } from '../parts/already-signed-in.tsx'
import { CountryField } from '../parts/country-field.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { NewPasswordField } from '../parts/new-password-field.tsx'
import { Page } from '../parts/page.tsx'
import { Section } from '../parts/section.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { SecondStep } from '../security/second-step.tsx'
import { useEntry, WalletDoor } from './sign-in.tsx'

/** A new account by e-mail; a wallet that nobody knows yet opens one by signing in. */
export function Register() {
  useTitle('Create an account')
  const { next } = useSearch({ from: '/data/register' })
  const session = useSession()
  const { enter, pending, startOver } = useEntry(next)
  if (session.kind === 'signed_in') return <AlreadySignedIn user={session.user} next={next ?? null} />
  if (pending) return <SecondStep pending={pending} onSession={enter} onBack={startOver} />
  return (
    <Page title="Create an account" lead="It is free. You verify your identity only when you want to invest.">
      <div className="mt-8 grid gap-10 md:grid-cols-2">
        <Section title="With your e-mail">
          <EmailForm onSession={enter} />
          <p className="mt-4 text-sm">
            Been here before?{' '}
            <Link to="/sign-in" search={next ? { next } : {}} className="link">
              Sign in
            </Link>
          </p>
        </Section>
        <WalletDoor onSession={enter} />
      </div>
    </Page>
  )
}

function EmailForm({ onSession }: { onSession: (session: Session) => void }) {
  const api = useApi()
  const [form, setForm] = useState({ displayName: '', email: '', password: '', country: '' })
  const set = (key: keyof typeof form) => (event: { target: { value: string } }) => setForm({ ...form, [key]: event.target.value })

  const { busy, error, submit } = useSubmit(async () => {
    const { displayName, email, password, country } = form
    const name = displayName.trim()
    const account = { email: email.trim(), password, country, useCookie: true, ...(name && { displayName: name }) }
    onSession(await api.send<Session>('POST', '/users/register', account))
  })

  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <TextField
        label="Name"
        hint="Optional. Only you see it."
        name="name"
        autoComplete="name"
        maxLength={100}
        value={form.displayName}
        onChange={set('displayName')}
      />
      <TextField
        label="E-mail"
        type="email"
        name="email"
        autoComplete="username"
        required
        maxLength={254}
        value={form.email}
        onChange={set('email')}
      />
      <NewPasswordField label="Password" value={form.password} onChange={(password) => setForm({ ...form, password })} />
      <CountryField
        label="Country you live in"
        hint="Which rules apply depends on it."
        value={form.country}
        onChange={(country) => setForm({ ...form, country })}
      />
      <button type="submit" className="btn btn-main" aria-disabled={busy}>
        {busy ? 'Creating your account…' : 'Create account'}
      </button>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}
