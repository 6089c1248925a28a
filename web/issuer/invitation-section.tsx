import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../app.tsx'
import { ChoiceField } from '../parts/choice-field.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Moment } from '../parts/moment.tsx'
import { QueryPart } from '../parts/query-part.tsx'
import { Section } from '../parts/section.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { invitationsQuery } from '../queries.ts'
import { MEMBER_ROLES, roleName } from '../view/issuer-words.ts'

/** Asking people to act for the issuer, and what waits for an answer. */
export function InvitationSection() {
  const api = useApi()
  const client = useQueryClient()
  const invitations = useQuery(invitationsQuery(api))
  const refresh = () => client.invalidateQueries({ queryKey: invitationsQuery(api).queryKey })
  const withdraw = useMutation({ mutationFn: (id: string) => api.send('DELETE', `/issuer/invitations/${id}`), onSettled: refresh })
  return (
    <Section title="Invitations">
      <QueryPart
        query={invitations}
        what="invitations"
        isEmpty={(list) => list.length === 0}
        empty={<p>No invitation waits for an answer.</p>}
      >
        {(list) => (
          <ul className="card divide-y divide-line">
            {list.map(({ id, email, role, expiresAt }) => (
              <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-5 py-3">
                <span className="min-w-0">
                  <span className="font-semibold break-all">{email}</span>
                  <span className="block text-sm text-soft">
                    {roleName(role)} ·{' '}
                    {expiresAt === null ? (
                      'the mail is on its way'
                    ) : (
                      <>
                        good until <Moment at={expiresAt} />
                      </>
                    )}
                  </span>
                </span>
                <button type="button" className="btn btn-quiet" onClick={() => withdraw.mutate(id)}>
                  Withdraw <span className="sr-only">the invitation to {email}</span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </QueryPart>
      {withdraw.isError && <ErrorNotice error={withdraw.error} />}
      <InviteForm onInvited={refresh} />
    </Section>
  )
}

function InviteForm({ onInvited }: { onInvited: () => Promise<void> }) {
  const api = useApi()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState('editor')
  const [invited, setInvited] = useState('')
  const { busy, error, submit } = useSubmit(async () => {
    setInvited('')
    await api.send('POST', '/issuer/invitations', { email: email.trim(), role })
    setInvited(email.trim())
    setEmail('')
    await onInvited()
  })
  return (
    <form onSubmit={submit} className="mt-6 flex max-w-md flex-col gap-4">
      <TextField
        label="E-mail to invite"
        type="email"
        required
        maxLength={254}
        autoComplete="off"
        value={email}
        hint="We send a link that is good for seven days. An account is made on the way, if there is none."
        onChange={({ target }) => setEmail(target.value)}
      />
      <ChoiceField legend="As" name="invited-role" options={MEMBER_ROLES} value={role} onChoose={setRole} />
      <p>
        <button type="submit" className="btn btn-main" aria-disabled={busy}>
          {busy ? 'Inviting…' : 'Invite'}
        </button>
      </p>
      <p role="status" className="text-sm text-soft empty:hidden">
        {invited && `${invited} is invited.`}
      </p>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}
