import { Type } from 'typebox'
import { asViewer } from '../../common/node/db.ts'
import { Nullable, User, Uuid } from '../../common/wire.ts'
import { Invitation, Issuer, Member, MemberRole } from '../../common/wire-issuer.ts'
import { findUser } from '../accounts/queries.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import type { App, Routes } from '../http/deps.ts'
import { answer, created, responses } from '../http/envelope.ts'
import { requireFresh } from '../http/fresh.ts'
import { tightLimit } from '../http/security.ts'
import { closed } from '../http/validation.ts'
import { acceptInvitation, invite, listInvitations, withdrawInvitation } from './invitations.ts'
import { changeSettings, findIssuer } from './issuer-queries.ts'
import { changeRole, listMembers, removeMember } from './members.ts'
import { signedInMember } from './signed-in-member.ts'

const Email = Type.String({ pattern: '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$', maxLength: 254 })
const Settings = closed({
  tagline: Nullable(Type.String({ minLength: 1, maxLength: 160, pattern: '\\S' })),
  accent: Nullable(Type.String({ pattern: '^#[0-9a-f]{6}$' })),
  supportEmail: Nullable(Email),
  version: Type.Integer({ minimum: 1, description: 'The version that was looked at' }),
})
const ById = Type.Object({ id: Uuid })
const Done = Type.Object({ done: Type.Literal(true) })
const MEMBER = ['UNAUTHENTICATED', 'FORBIDDEN'] as const
const MANAGER = [...MEMBER, 'CONFIRM_REQUIRED'] as const

/** An issuer as its members see it. Row-level security keeps the others' out of reach. */
export const tenantRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings } = deps

  await app.register(async (member: App) => {
    authenticate(member, deps, { permission: 'issuer.read' })
    const schema = { tags: ['Issuer'] }

    member.get('/issuer', { schema: { ...schema, response: responses(Issuer, ...MEMBER) } }, async (request) => {
      const viewer = signedInMember(request)
      return answer(request, await asViewer(pool, viewer, (db) => findIssuer(db, viewer.accountId, clock())))
    })

    member.get('/issuer/members', { schema: { ...schema, response: responses(Type.Array(Member), ...MEMBER) } }, async (request) =>
      answer(request, await asViewer(pool, signedInMember(request), listMembers)),
    )

    member.delete('/issuer/membership', { schema: { ...schema, response: responses(Done, ...MEMBER, 'LAST_OWNER') } }, async (request) => {
      const viewer = signedInMember(request)
      await asViewer(pool, viewer, (db) => removeMember(db, viewer.accountId))
      return answer(request, { done: true as const })
    })
  })

  await app.register(async (manager: App) => {
    authenticate(manager, deps, { permission: 'issuer.manage' })
    requireFresh(manager, deps)
    const schema = { tags: ['Issuer'] }

    manager.put(
      '/issuer/settings',
      { schema: { ...schema, body: Settings, response: responses(Issuer, ...MANAGER, 'SETTINGS_CHANGED', 'UNKNOWN_FIELD') } },
      async (request) => {
        const viewer = signedInMember(request)
        return answer(
          request,
          await asViewer(pool, viewer, async (db) => {
            await changeSettings(db, request.body, clock())
            return findIssuer(db, viewer.accountId, clock())
          }),
        )
      },
    )

    manager.put(
      '/issuer/members/:id',
      {
        schema: {
          ...schema,
          params: ById,
          body: closed({ role: MemberRole }),
          response: responses(Type.Array(Member), ...MANAGER, 'NOT_FOUND', 'LAST_OWNER', 'UNKNOWN_FIELD'),
        },
      },
      async (request) => {
        const members = await asViewer(pool, signedInMember(request), async (db) => {
          await changeRole(db, request.params.id, request.body.role)
          return listMembers(db)
        })
        return answer(request, members)
      },
    )

    manager.delete(
      '/issuer/members/:id',
      { schema: { ...schema, params: ById, response: responses(Done, ...MANAGER, 'NOT_FOUND', 'LAST_OWNER') } },
      async (request) => {
        await asViewer(pool, signedInMember(request), (db) => removeMember(db, request.params.id))
        return answer(request, { done: true as const })
      },
    )

    manager.get(
      '/issuer/invitations',
      { schema: { ...schema, response: responses(Type.Array(Invitation), ...MANAGER) } },
      async (request) => answer(request, await asViewer(pool, signedInMember(request), (db) => listInvitations(db, clock()))),
    )

    manager.post(
      '/issuer/invitations',
      {
        config: tightLimit(settings),
        schema: {
          ...schema,
          body: closed({ email: Email, role: MemberRole }),
          response: created(Invitation, ...MANAGER, 'ALREADY_MEMBER', 'UNKNOWN_FIELD'),
        },
      },
      async (request, reply) => {
        const viewer = signedInMember(request)
        const invitation = { ...request.body, issuerId: viewer.issuerId, invitedBy: viewer.accountId }
        const invited = await asViewer(pool, viewer, (db) => invite(db, invitation, clock()))
        reply.code(201)
        return answer(request, invited)
      },
    )

    manager.delete(
      '/issuer/invitations/:id',
      { schema: { ...schema, params: ById, response: responses(Done, ...MANAGER, 'NOT_FOUND') } },
      async (request) => {
        await asViewer(pool, signedInMember(request), (db) => withdrawInvitation(db, request.params.id, clock()))
        return answer(request, { done: true as const })
      },
    )
  })

  await app.register(async (invited: App) => {
    authenticate(invited, deps, { permission: 'invitation.accept' })

    invited.post(
      '/invitations/accept',
      {
        config: tightLimit(settings),
        schema: {
          tags: ['Issuer'],
          body: closed({ token: Type.String({ minLength: 20, maxLength: 100 }) }),
          response: responses(User, ...MEMBER, 'LINK_EXPIRED', 'INVITED_ANOTHER', 'ALREADY_MEMBER', 'UNKNOWN_FIELD'),
        },
      },
      async (request) => {
        const { accountId } = signedIn(request)
        await asViewer(pool, { accountId }, (db) => acceptInvitation(db, request.body.token, accountId, clock()))
        return answer(request, await findUser(pool, accountId, clock()))
      },
    )
  })
}
