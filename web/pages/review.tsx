import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ReviewCase } from '../../common/wire-review.ts'
import { useApi, useTitle } from '../app.tsx'
import { Chip } from '../parts/chip.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { Moment } from '../parts/moment.tsx'
import { Page } from '../parts/page.tsx'
import { QueryPart } from '../parts/query-part.tsx'
import { RequireSession } from '../parts/require-session.tsx'
import { reviewCasesQuery } from '../queries.ts'
import { KINDS, type ReviewFilter } from '../view/review-filter.ts'
import { caseState } from '../view/review-words.ts'

/** The desk: what staff has to decide, the most urgent first. */
export function Review() {
  useTitle('Review desk')
  return (
    <Page title="Review desk" lead="What somebody has to decide, the most urgent first.">
      <RequireSession what="the review desk">{(user) => <Queue viewerId={user.id} />}</RequireSession>
    </Page>
  )
}

function Queue({ viewerId }: { viewerId: string }) {
  const api = useApi()
  const filter = useSearch({ from: '/data/review' })
  const query = useInfiniteQuery(reviewCasesQuery(api, filter, viewerId))
  const cases = query.data?.pages.flatMap(({ items }) => items)
  const total = query.data?.pages[0]?.total ?? null
  return (
    <div className="mt-6">
      <FilterForm filter={filter} />
      <p role="status" className="mt-4 text-sm text-soft">
        {total === null ? '' : total === 1 ? '1 case' : `${total} cases`}
      </p>
      <QueryPart
        query={{ data: cases, error: query.error, isError: query.isError, refetch: query.refetch as never }}
        what="cases"
        isEmpty={(list) => list.length === 0}
        empty={
          <p className="mt-3">
            {filter.state === 'decided' ? 'Nothing was decided yet.' : 'Nothing waits. Come back when you are told of a case.'}
          </p>
        }
      >
        {(list) => (
          <ul className="card mt-3 divide-y divide-line">
            {list.map((item) => (
              <CaseLine key={item.id} item={item} />
            ))}
          </ul>
        )}
      </QueryPart>
      {query.isFetchNextPageError && <ErrorNotice error={query.error} />}
      {query.hasNextPage && (
        <button type="button" className="btn btn-line mt-4" aria-disabled={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {query.isFetchingNextPage ? 'Loading…' : 'Show more'}
        </button>
      )}
    </div>
  )
}

function FilterForm({ filter }: { filter: ReviewFilter }) {
  const navigate = useNavigate({ from: '/review' })
  const change = (next: Partial<ReviewFilter>) => navigate({ search: { ...filter, ...next }, replace: true })
  return (
    <form aria-label="Filter" className="flex flex-wrap items-end gap-4" onSubmit={(event) => event.preventDefault()}>
      <label className="grow sm:grow-0">
        <span className="mb-1 block font-semibold">Kind</span>
        <select
          className="field"
          value={filter.kind ?? ''}
          onChange={({ target }) => change({ kind: (target.value || undefined) as ReviewFilter['kind'] })}
        >
          <option value="">All kinds</option>
          {Object.entries(KINDS).map(([kind, title]) => (
            <option key={kind} value={kind}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label className="grow sm:grow-0">
        <span className="mb-1 block font-semibold">State</span>
        <select
          className="field"
          value={filter.state ?? 'waiting'}
          onChange={({ target }) => change({ state: target.value === 'decided' ? 'decided' : undefined })}
        >
          <option value="waiting">Waiting</option>
          <option value="decided">Decided</option>
        </select>
      </label>
      <label className="flex min-h-11 items-center gap-3">
        <input
          type="checkbox"
          className="size-5 accent-(--pine)"
          checked={filter.mine ?? false}
          onChange={({ target }) => change({ mine: target.checked || undefined })}
        />
        Only mine
      </label>
    </form>
  )
}

function CaseLine({ item }: { item: ReviewCase }) {
  const { word, tone } = caseState(item, new Date())
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-5 py-4">
      <div className="min-w-0">
        <Link to="/review/$caseId" params={{ caseId: item.id }} className="link font-semibold">
          {item.title} · investor {item.investorId}
        </Link>
        <p className="text-sm">{item.reason}</p>
        <p className="text-sm text-soft">
          Due <Moment at={item.dueAt} />
          {item.assignee && <> · {item.assignee.email}</>}
        </p>
      </div>
      <Chip tone={tone}>{word}</Chip>
    </li>
  )
}
