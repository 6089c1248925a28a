import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { NewPasswordField } from '../parts/new-password-field.tsx'
import { Notice } from '../parts/notice.tsx'
import { Section } from '../parts/section.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { sessionsQuery } from '../queries.ts'

/** Changing the password; whoever was away for long is asked to confirm first. */
export function PasswordSection() {
  const api = useApi()
  const client = useQueryClient()
  const [password, setPassword] = useState('')
  const [endedSessions, setEndedSessions] = useState<number | null>(null)
  const { busy, error, submit } = useSubmit(async () => {
    setEndedSessions(null)
    const changed = await api.send<{ endedSessions: number }>('PUT', '/users/password', { password })
    setPassword('')
    setEndedSessions(changed.endedSessions)
    await client.invalidateQueries({ queryKey: sessionsQuery(api).queryKey })
  })
  return (
    <Section title="Password">
      <p className="max-w-prose text-soft">A new one ends every other session.</p>
      <form onSubmit={submit} className="mt-4 flex max-w-md flex-col gap-4">
        <NewPasswordField label="New password" value={password} onChange={setPassword} />
        <button type="submit" className="btn btn-line self-start" aria-disabled={busy}>
          {busy ? 'Changing it…' : 'Change password'}
        </button>
        {error !== null && <ErrorNotice error={error} />}
      </form>
      {endedSessions !== null && (
        <Notice tone="good" title="Your password is changed" alert>
          <p>{endedSessions === 0 ? 'No other session was open.' : `Other sessions ended: ${endedSessions}.`}</p>
        </Notice>
      )}
    </Section>
  )
}
