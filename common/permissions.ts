import { type Static, Type } from 'typebox'

/** Every right that a route asks for. Which role has it is data: app.role_permission. A test compares this list with app.permission. */
export const Permission = Type.Union([
  Type.Literal('account.use'),
  Type.Literal('investment.place'),
  Type.Literal('invitation.accept'),
  Type.Literal('issuer.read'),
  Type.Literal('issuer.manage'),
  Type.Literal('project.write'),
  Type.Literal('project.report'),
  Type.Literal('relationship.write'),
  Type.Literal('review.work'),
  Type.Literal('wire.work'),
])
export type Permission = Static<typeof Permission>
