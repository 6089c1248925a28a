import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { describeDevice } from '../../common/device.ts'
import { useApi } from '../app.tsx'
import { sessionsQuery } from '../queries.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Moment } from './moment.tsx'
import { QueryPart } from './query-part.tsx'
import { Section } from './section.tsx'

/** Where this account is signed in, each to be ended from here. */
export function SessionList() {
  const api = useApi()
  const client = useQueryClient()
  const sessions = useQuery(sessionsQuery(api))
  const end = useMutation({
    mutationFn: (id: string) => api.send('DELETE', `/auth/sessions/${id}`),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery(api).queryKey }),
  })
  const endOthers = useMutation({
    mutationFn: () => api.send('DELETE', '/auth/sessions'),
    onSuccess: () => client.invalidateQueries({ queryKey: sessionsQuery(api).queryKey }),
  })
  return (
    <Section title="Where you are signed in">
      <QueryPart query={sessions} what="sessions" isEmpty={(list) => list.length === 0} empty={<p>Only here.</p>}>
        {(list) => (
          <>
            <ul className="card divide-y divide-line">
              {list.map((session) => (
                <li key={session.id} className="flex flex-wrap items-center justify-between gap-3 px-5 py-3">
                  <span>
                    {describeDevice(session.userAgent)}
                    <span className="block text-sm text-soft">
                      Last used <Moment at={session.lastUsedAt} />
                    </span>
                    <span className="block text-sm text-soft">
                      Signed in <Moment at={session.createdAt} />
                    </span>
                  </span>
                  {session.current ? (
                    <span className="text-sm font-semibold text-pine">This browser</span>
                  ) : (
                    <button type="button" className="btn btn-quiet" onClick={() => end.mutate(session.id)}>
                      End session <span className="sr-only">on {describeDevice(session.userAgent)}</span>
                    </button>
                  )}
                </li>
              ))}
            </ul>
            {list.length > 1 && (
              <button type="button" className="btn btn-line mt-4" aria-disabled={endOthers.isPending} onClick={() => endOthers.mutate()}>
                {endOthers.isPending ? 'Ending them…' : 'End all other sessions'}
              </button>
            )}
          </>
        )}
      </QueryPart>
      {endOthers.isError && <ErrorNotice error={endOthers.error} />}
      {end.isError && <ErrorNotice error={end.error} />}
    </Section>
  )
}
