import { Type } from 'typebox'
import { asViewer } from '../../common/node/db.ts'
import { ProjectUpdate } from '../../common/wire.ts'
import { authenticate } from '../http/auth.ts'
import type { Routes } from '../http/deps.ts'
import { answer, created } from '../http/envelope.ts'
import { closed } from '../http/validation.ts'
import { signedInMember } from '../issuers/signed-in-member.ts'
import { insertUpdate } from './issuer-queries.ts'
import { ProjectParams } from './routes.ts'

const NewUpdate = closed({
  kind: Type.Union(['progress', 'financial', 'community'].map((kind) => Type.Literal(kind))),
  title: Type.String({ minLength: 1, maxLength: 200 }),
  content: Type.String({ minLength: 1, maxLength: 20_000 }),
})

/** What an issuer tells the investors of its projects. */
export const newsRoutes: Routes = async (app, deps) => {
  const { pool, clock } = deps
  authenticate(app, deps, { permission: 'project.report' })

  app.post(
    '/projects/:id/updates',
    {
      schema: {
        tags: ['Issuer'],
        params: ProjectParams,
        body: NewUpdate,
        response: created(ProjectUpdate, 'UNAUTHENTICATED', 'FORBIDDEN', 'PROJECT_NOT_FOUND', 'UNKNOWN_FIELD'),
      },
    },
    async (request, reply) => {
      const update = await asViewer(pool, signedInMember(request), (db) => insertUpdate(db, request.params.id, request.body, clock()))
      reply.code(201)
      return answer(request, update)
    },
  )
}
