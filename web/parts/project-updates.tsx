import { useQuery } from '@tanstack/react-query'
import { useApi } from '../app.tsx'
import { updatesQuery } from '../queries.ts'
import { Moment } from './moment.tsx'
import { QueryPart } from './query-part.tsx'
import { Section } from './section.tsx'

/** What the issuer reported, newest first. */
export function ProjectUpdates({ projectId }: { projectId: number }) {
  const updates = useQuery(updatesQuery(useApi(), projectId))
  return (
    <Section title="News from the site">
      <QueryPart
        query={updates}
        what="news"
        isEmpty={(list) => list.length === 0}
        empty={<p>No news yet. The issuer’s reports will stand here, with their dates.</p>}
      >
        {(list) => (
          <ol className="flex flex-col gap-6 border-l-2 border-line pl-5">
            {list.map((update) => (
              <li key={update.id}>
                <p className="text-sm text-soft">
                  <Moment at={update.publishedAt} dayOnly />
                </p>
                <h3 className="text-base!">{update.title}</h3>
                <p className="mt-1 max-w-prose whitespace-pre-line">{update.content}</p>
              </li>
            ))}
          </ol>
        )}
      </QueryPart>
    </Section>
  )
}
