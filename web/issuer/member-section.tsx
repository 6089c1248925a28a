import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { User } from '../../common/wire.ts'
import type { Member } from '../../common/wire-issuer.ts'
import { useApi } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Moment } from '../parts/moment.tsx'
import { QueryPart } from '../parts/query-part.tsx'
import { Section } from '../parts/section.tsx'
import { issuerQuery, membersQuery } from '../queries.ts'
import { MEMBER_ROLES, roleName } from '../view/issuer-words.ts'

/** Who acts for the issuer; owners change roles and remove, everybody may leave. */
export function MemberSection({ viewerId, manages }: { viewerId: string; manages: boolean }) {
  const api = useApi()
  const client = useQueryClient()
  const members = useQuery(membersQuery(api))
  const change = useMutation({
    mutationFn: async ({ member, role }: { member: Member; role: string | null }) => {
      const isSelf = member.accountId === viewerId
      if (role !== null) await api.send('PUT', `/issuer/members/${member.accountId}`, { role })
      else await api.send('DELETE', isSelf ? '/issuer/membership' : `/issuer/members/${member.accountId}`)
      // What one may do changes with one's own role.
      if (isSelf) api.session.update(await api.get<User>('/users/me'))
    },
    onSettled: () => client.invalidateQueries({ queryKey: issuerQuery(api).queryKey }),
  })
  return (
    <Section title="Members">
      <QueryPart query={members} what="members" isEmpty={(list) => list.length === 0} empty={<p>Nobody acts for this issuer.</p>}>
        {(list) => (
          <ul className="card divide-y divide-line">
            {list.map((member) => (
              <MemberLine
                key={member.accountId}
                member={member}
                isSelf={member.accountId === viewerId}
                manages={manages}
                onChange={(role) => change.mutate({ member, role })}
              />
            ))}
          </ul>
        )}
      </QueryPart>
      {change.isError && <ErrorNotice error={change.error} />}
    </Section>
  )
}

type LineProps = { member: Member; isSelf: boolean; manages: boolean; onChange: (role: string | null) => void }

function MemberLine({ member, isSelf, manages, onChange }: LineProps) {
  const name = member.displayName ?? member.email ?? 'No name'
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-5 py-3">
      <span className="min-w-0">
        <span className="font-semibold break-words">{name}</span>
        {isSelf && <span className="text-pine"> · you</span>}
        {member.displayName && member.email && <span className="block text-sm break-all text-soft">{member.email}</span>}
        <span className="block text-sm text-soft">
          Since <Moment at={member.joinedAt} />
        </span>
      </span>
      <span className="flex flex-wrap items-center gap-2">
        {manages ? (
          <select
            className="field w-auto"
            aria-label={`Role of ${name}`}
            value={member.role}
            onChange={({ target }) => onChange(target.value)}
          >
            {MEMBER_ROLES.map(({ id, name: role }) => (
              <option key={id} value={id}>
                {role}
              </option>
            ))}
          </select>
        ) : (
          <span className="text-soft">{roleName(member.role)}</span>
        )}
        {(manages || isSelf) && <RemoveButton name={isSelf ? undefined : name} onRemove={() => onChange(null)} />}
      </span>
    </li>
  )
}

/** Asks once more: to come back takes an invitation. Without a name it is oneself who leaves. */
function RemoveButton({ name, onRemove }: { name: string | undefined; onRemove: () => void }) {
  const [isAsking, setAsking] = useState(false)
  const word = name === undefined ? 'Leave' : 'Remove'
  const whom = name !== undefined && <span className="sr-only">{name}</span>
  const remove = () => {
    setAsking(false)
    onRemove()
  }
  return (
    <>
      {/* The same button, so that the focus stays, and who clicks twice has done nothing. */}
      <button type="button" className="btn btn-quiet" onClick={() => setAsking(!isAsking)}>
        {isAsking ? (name === undefined ? 'Stay' : 'Keep') : word} {whom}
      </button>
      {isAsking && (
        <button type="button" className="btn btn-quiet" onClick={remove}>
          Yes, {word.toLowerCase()} {whom}
        </button>
      )}
    </>
  )
}
