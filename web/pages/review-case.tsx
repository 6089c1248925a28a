import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ReviewCaseDetail } from '../../common/wire-review.ts'
import { useApi, useTitle } from '../app.tsx'
import { AccreditationEvidence } from '../parts/accreditation-evidence.tsx'
import { CaseDecision } from '../parts/case-decision.tsx'
import { Chip } from '../parts/chip.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { QueryPart } from '../parts/query-part.tsx'
import { RequireSession } from '../parts/require-session.tsx'
import { Section } from '../parts/section.tsx'
import { reviewCaseQuery } from '../queries.ts'
import { caseState, evidenceLines, outcomeWords } from '../view/review-words.ts'

/** One case: what it is about, who it is about, what was done, and the decision. */
export function ReviewCasePage() {
  const { caseId } = useParams({ from: '/data/review/$caseId' })
  const api = useApi()
  const query = useQuery(reviewCaseQuery(api, caseId))
  const title = query.data ? `${query.data.title}, investor ${query.data.investorId}` : 'Case'
  useTitle(title)
  return (
    <Page title={title}>
      <p className="mt-2">
        <Link to="/review" className="link">
          Back to the desk
        </Link>
      </p>
      <RequireSession what="the review desk">
        {(user) => (
          <QueryPart query={query} what="the case" isEmpty={() => false} empty={null}>
            {(found) => <Shown found={found} viewerId={user.id} />}
          </QueryPart>
        )}
      </RequireSession>
    </Page>
  )
}

function Shown({ found, viewerId }: { found: ReviewCaseDetail; viewerId: string }) {
  const { word, tone } = caseState(found, new Date())
  return (
    <div className="mt-6 flex flex-col gap-10">
      <div>
        <p className="flex flex-wrap items-center gap-3">
          <Chip tone={tone}>{word}</Chip>
          <span>{found.reason}</span>
        </p>
        <Assignment found={found} viewerId={viewerId} />
      </div>
      <Section title="Who it is about">
        <Lines
          lines={[
            { name: 'Name', value: found.person?.name ?? 'never said' },
            { name: 'Born', value: found.person?.birthDate ?? 'never said' },
            { name: 'Country', value: found.country ?? 'never said' },
            { name: 'Investor', value: found.investorId },
          ]}
        />
      </Section>
      <Section title="Evidence">
        <Lines lines={evidenceLines(found.evidence)} />
        {found.kind === 'accreditation' && <AccreditationEvidence accreditationId={String(found.evidence.accreditationId)} />}
      </Section>
      <CaseDecision found={found} viewerId={viewerId} />
      <Section title="What was done">
        <ol className="card divide-y divide-line">
          {found.steps.map((step) => (
            <li key={step.at + step.deed} className="px-5 py-3">
              <span className="font-semibold">
                {step.deed.charAt(0).toUpperCase() + step.deed.slice(1)}
                {step.outcome && `: ${outcomeWords(found.kind, step.outcome).done.toLowerCase()}`}
              </span>{' '}
              <span className="text-sm text-soft">
                <Moment at={step.at} /> · {step.actor?.email ?? 'by the system'}
              </span>
              {step.reason && step.deed !== 'assigned' && <span className="block">{step.reason}</span>}
            </li>
          ))}
        </ol>
      </Section>
    </div>
  )
}

/** Who sees to it, and taking it or giving it back. */
function Assignment({ found, viewerId }: { found: ReviewCaseDetail; viewerId: string }) {
  const api = useApi()
  const client = useQueryClient()
  const isMine = found.assignee?.id === viewerId
  const assign = useMutation({
    mutationFn: () => api.send<ReviewCaseDetail>('POST', `/review/cases/${found.id}/assign`, { assignee: isMine ? null : viewerId }),
    onSuccess: (next) => client.setQueryData(reviewCaseQuery(api, found.id).queryKey, next),
  })
  return (
    <>
      <p className="mt-3 flex flex-wrap items-center gap-3 text-sm text-soft">
        <span>
          Due <Moment at={found.dueAt} /> · {isMine ? 'yours' : (found.assignee?.email ?? 'nobody has taken it')}
        </span>
        {found.state !== 'decided' && found.accountId !== viewerId && (
          <button
            type="button"
            className="btn btn-quiet"
            aria-disabled={assign.isPending}
            onClick={() => assign.isPending || assign.mutate()}
          >
            {isMine ? 'Give it back' : 'Take it'}
          </button>
        )}
      </p>
      {assign.isError && <ErrorNotice error={assign.error} />}
    </>
  )
}

function Lines({ lines }: { lines: { name: string; value: string }[] }) {
  if (lines.length === 0) return <p className="text-soft">There is none.</p>
  return (
    <dl className="card grid grid-cols-1 gap-x-6 gap-y-2 px-5 py-4 sm:grid-cols-[12rem_1fr]">
      {lines.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-soft">{name}</dt>
          <dd className="mb-2 min-w-0 break-words sm:mb-0">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
