import type { ErrorCode } from '../../common/errors.ts'
import { asViewer } from '../../common/node/db.ts'
import { Document, ProjectDetail } from '../../common/wire.ts'
import { authenticate, type SignedIn } from '../http/auth.ts'
import type { Routes } from '../http/deps.ts'
import { answer, created, responses } from '../http/envelope.ts'
import { signedInMember } from '../issuers/signed-in-member.ts'
import { findProject } from './find-project.ts'
import { insertDocument, insertProject, lockOwn, NewProject, ProjectChange, updateProject } from './issuer-queries.ts'
import { submitProject } from './metadata.ts'
import { ProjectParams } from './routes.ts'
import { readUpload } from './upload.ts'

const OWN: ErrorCode[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'PROJECT_NOT_FOUND']

/** What an issuer does with its own projects. Row-level security keeps the others' out of reach. */
export const issuerRoutes: Routes = async (app, deps) => {
  const { pool, clock, ipfs, deployment, settings } = deps
  authenticate(app, deps, { permission: 'project.write' })
  const show = (viewer: SignedIn, projectId: number) => asViewer(pool, viewer, (db) => findProject(db, deployment, projectId, clock()))

  app.post(
    '/projects',
    { schema: { tags: ['Issuer'], body: NewProject, response: created(ProjectDetail, ...OWN, 'UNKNOWN_FIELD') } },
    async (request, reply) => {
      const viewer = signedInMember(request)
      const projectId = await asViewer(pool, viewer, (db) => insertProject(db, viewer.issuerId, request.body, clock()))
      reply.code(201)
      return answer(request, await show(viewer, projectId))
    },
  )

  app.put(
    '/projects/:id',
    {
      schema: {
        tags: ['Issuer'],
        params: ProjectParams,
        body: ProjectChange,
        response: responses(ProjectDetail, ...OWN, 'ALREADY_SUBMITTED', 'UNKNOWN_FIELD'),
      },
    },
    async (request) => {
      const viewer = signedInMember(request)
      await asViewer(pool, viewer, (db) => updateProject(db, request.params.id, request.body, clock()))
      return answer(request, await show(viewer, request.params.id))
    },
  )

  app.post(
    '/projects/:id/documents',
    {
      schema: {
        tags: ['Issuer'],
        description: 'A form with the field `file` (PDF, PNG, JPEG, CSV, TXT or JSON, at most 20 MB) and optionally `kind` and `title`.',
        consumes: ['multipart/form-data'],
        params: ProjectParams,
        response: created(Document, ...OWN, 'MEDIA_TYPE', 'FILE_TYPE', 'FILE_INCOMPLETE', 'BODY_TOO_LARGE'),
      },
    },
    async (request, reply) => {
      const viewer = signedInMember(request)
      const { content, ...about } = await readUpload(request)
      // Refused before anything is stored when the project is not theirs.
      await asViewer(pool, viewer, (db) => lockOwn(db, request.params.id))
      const pinned = await ipfs.pin(content)
      const document = await asViewer(pool, viewer, (db) => insertDocument(db, request.params.id, { ...about, ...pinned }, clock()))
      reply.code(201)
      return answer(request, document)
    },
  )

  app.post(
    '/projects/:id/submit',
    {
      schema: {
        tags: ['Issuer'],
        params: ProjectParams,
        response: responses(ProjectDetail, ...OWN, 'LOCK_TOO_SHORT', 'EXEMPTION_CURRENCY'),
      },
    },
    async (request) => {
      const viewer = signedInMember(request)
      await asViewer(pool, viewer, async (db) => {
        const isSubmitted = await lockOwn(db, request.params.id)
        if (!isSubmitted) await submitProject(db, ipfs, settings.publicUrl, request.params.id, clock())
      })
      return answer(request, await show(viewer, request.params.id))
    },
  )
}
