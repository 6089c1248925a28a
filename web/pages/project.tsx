import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ProjectDetail } from '../../common/wire.ts'
import { useApi, useTitle } from '../app.tsx'
import { Chip } from '../parts/chip.tsx'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { IssuerBrand } from '../parts/issuer-brand.tsx'
import { LandscapePicture } from '../parts/landscape-picture.tsx'
import { Page } from '../parts/page.tsx'
import { ProjectChain } from '../parts/project-chain.tsx'
import { ProjectDocuments } from '../parts/project-documents.tsx'
import { ProjectFacts } from '../parts/project-facts.tsx'
import { ProjectHolders } from '../parts/project-holders.tsx'
import { ProjectOffer } from '../parts/project-offer.tsx'
import { ProjectReturns } from '../parts/project-returns.tsx'
import { ProjectUpdates } from '../parts/project-updates.tsx'
import { Bone, Skeleton } from '../parts/skeleton.tsx'
import { projectQuery } from '../queries.ts'
import { coordinates, countryName } from '../view/format.ts'
import { PROJECT_STATE, TECHNOLOGY } from '../view/words.ts'

/** One project: what it is, how far it is funded, what proves it. */
export function ProjectPage() {
  const { projectId } = useParams({ from: '/data/projects/$projectId' })
  const id = Number(projectId)
  const project = useQuery({ ...projectQuery(useApi(), id), refetchInterval: 15_000 })
  useTitle(project.data?.name ?? 'Project')

  if (project.isError && !project.data) {
    return (
      <Page title="Project">
        <ErrorNotice error={project.error} onRetry={() => project.refetch()} />
      </Page>
    )
  }
  if (!project.data) {
    return (
      <Page title="Project" wide>
        <Skeleton what="the project">
          <Bone className="mt-6 h-64 w-full rounded-2xl" />
          <div className="mt-8 grid gap-8 lg:grid-cols-[1fr_22rem]">
            <Bone className="h-96 w-full rounded-2xl" />
            <Bone className="h-72 w-full rounded-2xl" />
          </div>
        </Skeleton>
      </Page>
    )
  }
  return <Shown project={project.data} />
}

function Shown({ project }: { project: ProjectDetail }) {
  const state = PROJECT_STATE[project.state]
  return (
    <article>
      <LandscapePicture
        seed={project.projectId}
        technologies={[project.technology]}
        width={1200}
        height={300}
        className="h-44 w-full sm:h-72"
      />
      <div className="mx-auto max-w-6xl px-4">
        <header className="pt-8">
          <nav aria-label="Breadcrumb" className="text-sm">
            <Link to="/projects" className="link">
              Projects
            </Link>{' '}
            <span aria-hidden="true">/</span>{' '}
            <Link to="/projects" search={{ technology: project.technology }} className="link">
              {TECHNOLOGY[project.technology]}
            </Link>
          </nav>
          <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2">
            <h1>{project.name}</h1>
            <Chip tone={state.tone} title={state.meaning}>
              {state.word}
            </Chip>
          </div>
          <p className="mt-2 text-soft">
            {project.city}, {countryName(project.country)} · {coordinates(project.latitude, project.longitude)} · by {project.issuer}
          </p>
          <IssuerBrand brand={project.brand} />
        </header>
        <div className="mt-8 grid gap-10 lg:grid-cols-[1fr_22rem]">
          <aside aria-label="Offer" className="lg:order-2">
            <div className="lg:sticky lg:top-24">
              <ProjectOffer project={project} />
            </div>
          </aside>
          <div className="flex min-w-0 flex-col gap-12">
            <section aria-label="About">
              <p className="text-lg">{project.summary}</p>
              {paragraphs(project.description).map((text) => (
                <p key={text} className="mt-4 max-w-prose">
                  {text}
                </p>
              ))}
            </section>
            <ProjectFacts project={project} />
            <ProjectDocuments projectId={project.projectId} />
            <ProjectUpdates projectId={project.projectId} />
            <ProjectReturns projectId={project.projectId} />
            <ProjectHolders projectId={project.projectId} />
            <ProjectChain project={project} />
          </div>
        </div>
      </div>
    </article>
  )
}

function paragraphs(text: string): string[] {
  return [...new Set(text.split(/\n{2,}/).map((part) => part.trim()))].filter(Boolean)
}
