import { Type } from 'typebox'
import { asViewer, type Db } from '../../common/node/db.ts'
import { Document, Facets, Holders, ProjectCard, ProjectDetail, ProjectUpdate } from '../../common/wire.ts'
import { authenticate, type SignedIn } from '../http/auth.ts'
import type { Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { deriveKey } from '../http/tokens.ts'
import { closed } from '../http/validation.ts'
import { ListQuery } from './filters.ts'
import { findProject, projectNotFound } from './find-project.ts'
import { countFacets, isVisible, listDocuments, listHolders, listProjects, listUpdates } from './queries.ts'

export const ProjectParams = closed({ id: Type.Integer({ minimum: 1, maximum: 16_777_215 }) })

/** What anybody may read of projects; an issuer also reads its own drafts. */
export const projectRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings, deployment } = deps
  const cursorKey = deriveKey(settings.jwtSecret, 'cursor')
  authenticate(app, deps, 'optional')

  /** Reads as the viewer; a stranger needs no transaction, for nothing is set. */
  const read = <T>(viewer: SignedIn | null, work: (db: Db) => Promise<T>) => (viewer ? asViewer(pool, viewer, work) : work(pool))
  const readVisible = <T>(viewer: SignedIn | null, projectId: number, work: (db: Db) => Promise<T>) =>
    read(viewer, async (db) => {
      if (!(await isVisible(db, projectId))) throw projectNotFound(projectId)
      return work(db)
    })

  for (const path of ['/projects', '/projects/search']) {
    app.get(
      path,
      { schema: { tags: ['Projects'], querystring: ListQuery, response: responses(Type.Array(ProjectCard), 'BAD_CURSOR') } },
      async (request) => {
        const { viewer, query } = request
        const { rows, ...page } = await read(viewer, (db) => listProjects(db, cursorKey, query, viewer?.issuerId, clock()))
        return answer(request, rows, page)
      },
    )
  }

  app.get('/projects/facets', { schema: { tags: ['Projects'], response: responses(Facets) } }, async (request) =>
    answer(request, await countFacets(pool)),
  )

  app.get(
    '/projects/:id',
    { schema: { tags: ['Projects'], params: ProjectParams, response: responses(ProjectDetail, 'PROJECT_NOT_FOUND') } },
    async (request) => answer(request, await read(request.viewer, (db) => findProject(db, deployment, request.params.id, clock()))),
  )

  app.get(
    '/projects/:id/documents',
    { schema: { tags: ['Projects'], params: ProjectParams, response: responses(Type.Array(Document), 'PROJECT_NOT_FOUND') } },
    async (request) => answer(request, await readVisible(request.viewer, request.params.id, (db) => listDocuments(db, request.params.id))),
  )

  app.get(
    '/projects/:id/updates',
    { schema: { tags: ['Projects'], params: ProjectParams, response: responses(Type.Array(ProjectUpdate), 'PROJECT_NOT_FOUND') } },
    async (request) => answer(request, await readVisible(request.viewer, request.params.id, (db) => listUpdates(db, request.params.id))),
  )

  app.get(
    '/projects/:id/holders',
    { schema: { tags: ['Projects'], params: ProjectParams, response: responses(Holders, 'PROJECT_NOT_FOUND') } },
    async (request) => answer(request, await readVisible(request.viewer, request.params.id, (db) => listHolders(db, request.params.id))),
  )
}
