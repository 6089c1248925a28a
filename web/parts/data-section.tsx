import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../app.tsx'
import { consentsQuery } from '../queries.ts'
import { ConsentItem } from './consent-item.tsx'
import { EraseForm } from './erase-form.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'
import { QueryPart } from './query-part.tsx'
import { saveFile } from './save-file.ts'
import { Section } from './section.tsx'
import { useSubmit } from './use-submit.ts'

/** What the person may do with what is kept of them: choose, take along, erase. */
export function DataSection() {
  const consents = useQuery(consentsQuery(useApi()))
  return (
    <Section title="Your data">
      <div className="flex flex-col gap-8">
        <QueryPart query={consents} what="your choices" isEmpty={(list) => list.length === 0} empty={null}>
          {(list) => (
            <ul className="flex flex-col gap-5">
              {list.map((consent) => (
                <ConsentItem key={consent.kind} consent={consent} />
              ))}
            </ul>
          )}
        </QueryPart>
        <Download />
        <EraseForm />
      </div>
    </Section>
  )
}

function Download() {
  const api = useApi()
  const [isSaved, setIsSaved] = useState(false)
  const { busy, error, submit } = useSubmit(async () => {
    setIsSaved(false)
    saveFile(await api.download('/users/export'), 'terra-lumina-data.json')
    setIsSaved(true)
  })
  return (
    <form onSubmit={submit}>
      <h3>Take it along</h3>
      <p className="mt-1 max-w-prose text-soft">Everything we keep of you, as one JSON file.</p>
      <button type="submit" className="btn btn-line mt-4" aria-disabled={busy}>
        {busy ? 'Collecting…' : 'Download my data'}
      </button>
      <div aria-live="polite">{isSaved && <Notice tone="good" title="Your data was saved as terra-lumina-data.json" />}</div>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}
