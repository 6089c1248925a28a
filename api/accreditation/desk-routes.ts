import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import { Uuid } from '../../common/wire.ts'
import { AccreditationAtDesk } from '../../common/wire-accreditation.ts'
import { noteAudit } from '../audit/note.ts'
import { authenticate } from '../http/auth.ts'
import type { Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { findAtDesk, openFileAtDesk } from './queries.ts'

const ById = Type.Object({ id: Uuid })

/** What the desk reads of claims to be accredited. Who reads leaves a row in the audit. */
export const accreditationDeskRoutes: Routes = async (app, deps) => {
  const { pool, settings } = deps
  authenticate(app, deps, { permission: 'review.work' })
  const errors = ['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND'] as const

  app.get(
    '/review/accreditations/:id',
    { schema: { tags: ['Review'], params: ById, response: responses(AccreditationAtDesk, ...errors) } },
    async (request) => {
      const { id } = request.params
      const found = await findAtDesk(pool, id)
      if (!found) throw new AppError('NOT_FOUND', 'There is no such claim')
      await noteAudit(pool, { decision: 'allowed', action: 'read accreditation', subject: `accreditation ${id}` })
      return answer(request, found)
    },
  )

  app.get('/review/accreditation-files/:id', { schema: { tags: ['Review'], params: ById } }, async (request, reply) => {
    const { id } = request.params
    const file = await openFileAtDesk(pool, settings.encryptionKeys, id)
    if (!file) throw new AppError('NOT_FOUND', 'There is no such file')
    await noteAudit(pool, { decision: 'allowed', action: 'read accreditation_file', subject: `accreditation_file ${id}` })
    // Saved, never shown by the browser: what somebody uploaded isn't run under our address.
    return reply
      .type(file.mediaType)
      .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
      .header('cache-control', 'no-store')
      .send(file.content)
  })
}
