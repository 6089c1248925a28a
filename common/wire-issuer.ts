import { type Static, Type } from 'typebox'
import { Country, literals, Nullable, Time, Uint, Uuid } from './wire.ts'

/** What crosses HTTP about an issuer as its own members see it. */

export const MEMBER_ROLES = ['owner', 'editor', 'viewer'] as const
export const MemberRole = literals(...MEMBER_ROLES)
export type MemberRole = Static<typeof MemberRole>
export const MODULES = ['listing', 'news', 'private_offers'] as const
export const Module = literals(...MODULES)
export type Module = Static<typeof Module>

export const IssuerSettings = Type.Object({
  tagline: Nullable(Type.String()),
  /** As #rrggbb. */
  accent: Nullable(Type.String()),
  supportEmail: Nullable(Type.String()),
  version: Type.Integer(),
})
export type IssuerSettings = Static<typeof IssuerSettings>

export const Issuer = Type.Object({
  id: Uuid,
  name: Type.String(),
  country: Country,
  website: Nullable(Type.String()),
  myRole: MemberRole,
  settings: IssuerSettings,
  terms: Type.Object({
    /** Of what investors pay, in hundredths of a percent. */
    feeBps: Type.Integer(),
    modules: Type.Array(Module),
  }),
  /** What settled orders brought and what of it is the platform's by the terms of their day, per currency. */
  fees: Type.Array(Type.Object({ currency: Type.String(), settledCents: Uint, feeCents: Uint })),
})
export type Issuer = Static<typeof Issuer>

export const Member = Type.Object({
  accountId: Uuid,
  email: Nullable(Type.String()),
  displayName: Nullable(Type.String()),
  role: MemberRole,
  joinedAt: Time,
})
export type Member = Static<typeof Member>

/** An invitation that waits. `expiresAt` is null until its mail was sent. */
export const Invitation = Type.Object({
  id: Uuid,
  email: Type.String(),
  role: MemberRole,
  createdAt: Time,
  expiresAt: Nullable(Time),
})
export type Invitation = Static<typeof Invitation>
