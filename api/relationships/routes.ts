import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import { asViewer } from '../../common/node/db.ts'
import { Nullable, Relationship } from '../../common/wire.ts'
import { authenticate } from '../http/auth.ts'
import type { Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { closed } from '../http/validation.ts'
import { signedInMember } from '../issuers/signed-in-member.ts'
import { listRelationships, recordRelationship } from './queries.ts'

const Known = closed({
  email: Type.String({ pattern: '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$', maxLength: 254 }),
  establishedOn: Type.String({ pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' }),
  how: Type.String({ minLength: 10, maxLength: 2_000, description: 'How the issuer came to know the person, before any offer' }),
  judgement: Type.Optional(Nullable(Type.Union([Type.Literal('alone'), Type.Literal('representative')]))),
  representative: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 200 }))),
})

/** Whom an issuer knew before it made a private offering. The answers are the same whether or not the person has an account. */
export const relationshipRoutes: Routes = async (app, deps) => {
  const { pool, clock } = deps
  authenticate(app, deps, { permission: 'relationship.write' })

  app.get(
    '/relationships',
    { schema: { tags: ['Issuer'], response: responses(Type.Array(Relationship), 'UNAUTHENTICATED', 'FORBIDDEN') } },
    async (request) => answer(request, await asViewer(pool, signedInMember(request), listRelationships)),
  )

  app.put(
    '/relationships',
    { schema: { tags: ['Issuer'], body: Known, response: responses(Relationship, 'UNAUTHENTICATED', 'FORBIDDEN', 'UNKNOWN_FIELD') } },
    async (request) => {
      const now = clock()
      const given = { judgement: null, representative: null, ...request.body }
      const problems = [
        ...((given.judgement === 'representative') === (given.representative !== null) ? [] : ['representative']),
        ...(isPastDay(given.establishedOn, now) ? [] : ['establishedOn']),
      ]
      if (problems.length > 0)
        throw new AppError('VALIDATION', 'Name a day in the past, and a representative exactly where there is one', {
          details: { fields: problems },
        })
      return answer(request, await asViewer(pool, signedInMember(request), (db) => recordRelationship(db, given, now)))
    },
  )
}

/** A day of the calendar that has begun. */
function isPastDay(day: string, now: Date): boolean {
  const begun = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(begun.getTime()) && begun.toISOString().startsWith(day) && begun <= now
}
