import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ProjectDetail } from '../../common/wire.ts'
import { useApi, useTitle } from '../app.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { InvestForm } from '../parts/invest-form.tsx'
import { LandscapePicture } from '../parts/landscape-picture.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { Bone, Skeleton } from '../parts/skeleton.tsx'
import { projectQuery } from '../queries.ts'
import { money, whole } from '../view/format.ts'
import { PROJECT_STATE } from '../view/words.ts'

/** From an amount to the payment page: choose, see whether you may, look it over, pay. */
export function Invest() {
  const { projectId } = useParams({ from: '/data/projects/$projectId/invest' })
  const project = useQuery(projectQuery(useApi(), Number(projectId)))
  useTitle(project.data ? `Invest in ${project.data.name}` : 'Invest')
  return (
    <Page title={project.data ? `Invest in ${project.data.name}` : 'Invest'}>
      {project.data ? (
        <Shown project={project.data} />
      ) : project.isError ? (
        <ErrorNotice error={project.error} onRetry={() => project.refetch()} />
      ) : (
        <Skeleton what="the offer">
          <Bone className="mt-6 h-28 w-full rounded-2xl" />
          <Bone className="mt-6 h-72 w-full rounded-2xl" />
        </Skeleton>
      )}
    </Page>
  )
}

function Shown({ project }: { project: ProjectDetail }) {
  const isOpen = project.state === 'active' && BigInt(project.unitsRemaining) > 0n
  return (
    <>
      <div className="card mt-6 flex items-center gap-4 overflow-hidden">
        <LandscapePicture
          seed={project.projectId}
          technologies={[project.technology]}
          className="min-h-24 w-32 shrink-0 self-stretch sm:w-44"
        />
        <p className="numbers py-3 pr-4">
          <strong>{money(project.unitPriceCents, project.currency)}</strong> a unit · {whole(project.unitsRemaining)} left
          <br />
          <Link to="/projects/$projectId" params={{ projectId: String(project.projectId) }} className="link">
            Read about the project
          </Link>
        </p>
      </div>
      {isOpen ? (
        <InvestForm project={project} />
      ) : (
        <Notice tone="wait" title={project.state === 'active' ? 'Every unit is sold or reserved' : PROJECT_STATE[project.state].word}>
          <p>
            {project.state === 'active'
              ? 'Reserved units come back if somebody doesn’t pay. Look again in half an hour.'
              : PROJECT_STATE[project.state].meaning}
          </p>
          <p className="mt-3">
            <Link to="/projects" search={{ state: 'active' }} className="btn btn-line">
              See open projects
            </Link>
          </p>
        </Notice>
      )}
    </>
  )
}
