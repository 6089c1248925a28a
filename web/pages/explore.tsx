import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useApi, useTitle } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { FilterBar } from '../parts/filter-bar.tsx'
import { Page } from '../parts/page.tsx'
import { ProjectCard, ProjectCardBones } from '../parts/project-card.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { projectsQuery } from '../queries.ts'
import { countFilters, type Filters } from '../view/filters.ts'

const GRID = 'mt-8 grid gap-6 sm:grid-cols-2 lg:grid-cols-3'

/** All listed projects, narrowed by what the address says. */
export function Explore() {
  useTitle('Projects')
  const filters = useSearch({ from: '/data/projects' })
  const navigate = useNavigate()
  const setFilters = (next: Filters) => navigate({ to: '/projects', search: next, replace: true })
  return (
    <Page wide title="Projects" lead="Every listed project, from the first spade to the community that owns it.">
      <FilterBar filters={filters} onChange={setFilters} />
      <Results filters={filters} onReset={() => setFilters({})} />
    </Page>
  )
}

function Results({ filters, onReset }: { filters: Filters; onReset: () => void }) {
  const projects = useInfiniteQuery({ ...projectsQuery(useApi(), filters), placeholderData: (previous) => previous })
  const list = projects.data?.pages.flatMap((page) => page.items) ?? []
  const total = projects.data?.pages[0]?.total

  if (projects.isError && !projects.data) return <ErrorNotice error={projects.error} onRetry={() => projects.refetch()} />
  if (projects.isPending) {
    return (
      <Skeleton what="projects">
        <div className={GRID}>
          {['a', 'b', 'c', 'd', 'e', 'f'].map((key) => (
            <ProjectCardBones key={key} />
          ))}
        </div>
      </Skeleton>
    )
  }
  return (
    <>
      <p role="status" className="mt-6 text-soft">
        {list.length === 0
          ? 'No project matches'
          : total != null
            ? `${total} ${total === 1 ? 'project' : 'projects'}`
            : `${list.length}${projects.hasNextPage ? '+' : ''} ${list.length === 1 ? 'project' : 'projects'}`}
      </p>
      {list.length === 0 ? (
        <div className="card mt-4 p-8 text-center">
          {countFilters(filters) > 0 ? (
            <>
              <p className="text-lg">Nothing fits all of these filters together.</p>
              <button type="button" className="btn btn-line mt-4" onClick={onReset}>
                Clear all filters
              </button>
            </>
          ) : (
            <p className="text-lg">No project is listed yet. The first ones will appear here by themselves.</p>
          )}
        </div>
      ) : (
        <ul className={`${GRID} mt-4! ${projects.isPlaceholderData ? 'opacity-60' : ''}`}>
          {list.map((project) => (
            <li key={project.projectId} className="grid">
              <ProjectCard project={project} />
            </li>
          ))}
        </ul>
      )}
      {projects.hasNextPage && (
        <p className="mt-8 text-center">
          <button
            type="button"
            className="btn btn-line"
            aria-disabled={projects.isFetchingNextPage}
            onClick={() => !projects.isFetchingNextPage && projects.fetchNextPage()}
          >
            {projects.isFetchingNextPage ? 'Loading…' : 'Show more'}
          </button>
        </p>
      )}
    </>
  )
}
