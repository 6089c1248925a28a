import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import type { ProjectCard as Card } from '../../common/wire.ts'
import { useApi } from '../app.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { ProjectCard, ProjectCardBones } from './project-card.tsx'
import { Skeleton } from './skeleton.tsx'

type State = { kind: 'waiting' } | { kind: 'error'; error: unknown } | { kind: 'shown'; projects: Card[] }

/** Three open projects for the landing page, which has no query cache: asked for once per visit. */
export function FeaturedProjects() {
  const api = useApi()
  const [state, setState] = useState<State>({ kind: 'waiting' })
  const [attempt, setAttempt] = useState(0)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt asks again
  useEffect(() => {
    const aborted = new AbortController()
    setState({ kind: 'waiting' })
    api.page<Card>('/projects?state=active&sort=raised&limit=3', aborted.signal).then(
      ({ items }) => setState({ kind: 'shown', projects: items }),
      (error) => !aborted.signal.aborted && setState({ kind: 'error', error }),
    )
    return () => aborted.abort()
  }, [api, attempt])

  if (state.kind === 'error') return <ErrorNotice error={state.error} onRetry={() => setAttempt((n) => n + 1)} />
  if (state.kind === 'shown' && state.projects.length === 0) {
    return (
      <p className="card mt-6 p-6">
        No project is open at the moment.{' '}
        <Link to="/projects" className="link">
          See those that were
        </Link>
        , or come back soon.
      </p>
    )
  }
  if (state.kind === 'waiting') {
    return (
      <Skeleton what="projects">
        <div className="mt-6 grid gap-6 sm:grid-cols-2 lg:grid-cols-3">
          <ProjectCardBones />
          <ProjectCardBones />
          <ProjectCardBones />
        </div>
      </Skeleton>
    )
  }
  return (
    <ul className="mt-6 grid gap-6 sm:grid-cols-2 lg:grid-cols-3">
      {state.projects.map((project) => (
        <li key={project.projectId} className="grid">
          <ProjectCard project={project} level={3} />
        </li>
      ))}
    </ul>
  )
}
