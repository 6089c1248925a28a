import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { AccreditationStanding } from '../../common/wire-accreditation.ts'
import { useApi, useTitle } from '../app.tsx'
import { AccreditationForm } from '../parts/accreditation-form.tsx'
import { AccreditationPapers } from '../parts/accreditation-papers.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { QueryPart } from '../parts/query-part.tsx'
import { RequireSession } from '../parts/require-session.tsx'
import { Section } from '../parts/section.tsx'
import { accreditationQuery } from '../queries.ts'
import { standingSentence } from '../view/accreditation-words.ts'

/** Showing that one is an accredited investor: where one stands, the claim, its evidence. */
export function AccreditationPage() {
  useTitle('Accredited investor')
  return (
    <Page title="Accredited investor">
      <p className="mt-2">
        <Link to="/account" className="link">
          Back to your account
        </Link>
      </p>
      <RequireSession what="your accreditation">{() => <Shown />}</RequireSession>
    </Page>
  )
}

function Shown() {
  const query = useQuery(accreditationQuery(useApi()))
  return (
    <QueryPart query={query} what="where you stand" isEmpty={() => false} empty={null}>
      {(standing) => <Steps key={standing.newest?.id ?? 'none'} standing={standing} />}
    </QueryPart>
  )
}

function Steps({ standing }: { standing: AccreditationStanding }) {
  const { newest } = standing
  const sentence = standingSentence(standing)
  const [isAnew, setIsAnew] = useState(false)
  const isForm = isAnew || newest === null || newest.state === 'rejected' || newest.state === 'expired'
  return (
    <div className="mt-6 flex flex-col gap-8">
      {sentence !== '' && (
        <Notice tone={newest?.state === 'rejected' ? 'bad' : newest?.state === 'submitted' ? 'wait' : 'good'} title={sentence} />
      )}
      {newest?.state === 'draft' && !isAnew && <AccreditationPapers draft={newest} />}
      {isForm ? (
        <Section title="How are you accredited?">
          <AccreditationForm onDone={() => setIsAnew(false)} />
        </Section>
      ) : (
        newest?.state !== 'submitted' && (
          <button type="button" className="btn btn-line self-start" onClick={() => setIsAnew(true)}>
            {newest?.state === 'draft' ? 'Choose another path' : 'Renew it'}
          </button>
        )
      )}
      <p className="max-w-prose text-sm text-soft">{standing.citation}</p>
    </div>
  )
}
