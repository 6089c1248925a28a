import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Kyc, User } from '../../common/wire.ts'
import { useApi } from '../app.tsx'
import { kycQuery } from '../queries.ts'
import { KYC_STATE } from '../view/words.ts'
import { CountryField } from './country-field.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Moment } from './moment.tsx'
import { TextField } from './text-field.tsx'
import { useSubmit } from './use-submit.ts'

/** The identity check: a short form here, the documents at the provider, the result live. */
export function IdentityStep({ user }: { user: User }) {
  const kyc = useQuery({
    ...kycQuery(useApi()),
    refetchInterval: ({ state }) => (state.data?.state === 'started' || state.data?.state === 'in_review' ? 2_500 : false),
  })
  if (kyc.isError && !kyc.data) return <ErrorNotice error={kyc.error} onRetry={() => kyc.refetch()} />
  const state = kyc.data?.state ?? user.kyc
  const { meaning } = KYC_STATE[state]
  return (
    <div>
      <p className="text-soft" role="status">
        {meaning}
        {state === 'approved' && kyc.data?.expiresAt && (
          <>
            {' '}
            Valid until <Moment at={kyc.data.expiresAt} dayOnly />.
          </>
        )}
      </p>
      {(state === 'started' || state === 'in_review') && kyc.data?.formUrl && (
        <p className="mt-3">
          <a className="btn btn-main" href={kyc.data.formUrl}>
            {state === 'started' ? 'Go on at our identity provider' : 'Open the provider’s form'}
          </a>
        </p>
      )}
      {(state === 'none' || state === 'rejected' || state === 'expired') && <IdentityForm country={user.country ?? ''} />}
    </div>
  )
}

function IdentityForm({ country }: { country: string }) {
  const api = useApi()
  const client = useQueryClient()
  const [form, setForm] = useState({ firstName: '', lastName: '', birthDate: '', country })
  const set = (key: keyof typeof form) => (event: { target: { value: string } }) => setForm({ ...form, [key]: event.target.value })

  const { busy, error, submit } = useSubmit(async () => {
    const kyc = await api.send<Kyc>('POST', '/users/kyc', { ...form, firstName: form.firstName.trim(), lastName: form.lastName.trim() })
    client.setQueryData(kycQuery(api).queryKey, kyc)
    await client.invalidateQueries({ queryKey: ['me'] })
  })

  return (
    <form onSubmit={submit} className="mt-4 grid gap-4 sm:grid-cols-2">
      <TextField
        label="First name"
        name="given-name"
        autoComplete="given-name"
        hint="As in your passport or ID"
        required
        maxLength={100}
        value={form.firstName}
        onChange={set('firstName')}
      />
      <TextField
        label="Last name"
        name="family-name"
        autoComplete="family-name"
        hint="As in your passport or ID"
        required
        maxLength={100}
        value={form.lastName}
        onChange={set('lastName')}
      />
      <TextField
        label="Date of birth"
        name="bday"
        type="date"
        autoComplete="bday"
        required
        value={form.birthDate}
        onChange={set('birthDate')}
      />
      <CountryField label="Country you live in" value={form.country} onChange={(code) => setForm({ ...form, country: code })} />
      <div className="sm:col-span-2">
        <button type="submit" className="btn btn-main" aria-disabled={busy}>
          {busy ? 'Starting…' : 'Start the identity check'}
        </button>
        <p className="mt-2 text-sm text-soft">Documents go straight to the provider; we only learn the result.</p>
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </form>
  )
}
