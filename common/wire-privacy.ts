import { type Static, Type } from 'typebox'

/** What crosses HTTP about a person's own data. */

const Nullable = <T extends ReturnType<typeof Type.String> | ReturnType<typeof Type.Integer> | ReturnType<typeof Type.Boolean>>(type: T) =>
  Type.Union([type, Type.Null()])

export const ConsentKind = Type.Unsafe<'privacy' | 'chain' | 'sale'>(
  Type.Union([Type.Literal('privacy'), Type.Literal('chain'), Type.Literal('sale')]),
)
export type ConsentKind = Static<typeof ConsentKind>

/** A text that people agree to, in the version in force, and what the person last chose about any version of it. */
export const Consent = Type.Object({
  kind: ConsentKind,
  version: Type.Integer(),
  title: Type.String(),
  body: Type.String(),
  /** Null where the person never chose. */
  isGiven: Nullable(Type.Boolean()),
  chosenVersion: Nullable(Type.Integer()),
  chosenAt: Nullable(Type.String({ description: 'ISO 8601, UTC' })),
})
export type Consent = Static<typeof Consent>
