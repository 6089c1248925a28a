import { type Static, Type } from 'typebox'

/** What crosses HTTP about second factors. Times are ISO 8601 in UTC, as in wire.ts, which a browser's first page needn't load for these. */

const Time = Type.String({ description: 'ISO 8601, UTC' })
const literals = <T extends string>(...values: T[]) => Type.Unsafe<T>(Type.Union(values.map((value) => Type.Literal(value))))

export const FactorMethod = literals('totp', 'passkey', 'recovery_code')
export type FactorMethod = Static<typeof FactorMethod>

/** The first step was right; the second is to be proven with `token` within `expiresIn` seconds. */
export const PendingSignIn = Type.Object({
  token: Type.String(),
  methods: Type.Array(FactorMethod),
  expiresIn: Type.Integer(),
})
export type PendingSignIn = Static<typeof PendingSignIn>

export const PasskeyInfo = Type.Object({
  id: Type.String(),
  name: Type.String(),
  createdAt: Time,
  lastUsedAt: Type.Union([Time, Type.Null()]),
  /** Copied between devices by its maker's account. */
  isSynced: Type.Boolean(),
})
export type PasskeyInfo = Static<typeof PasskeyInfo>

/** What an account can prove itself with. */
export const Factors = Type.Object({
  /** Since when an authenticator app gives codes; null without one. */
  totpSince: Type.Union([Time, Type.Null()]),
  passkeys: Type.Array(PasskeyInfo),
  recoveryCodesLeft: Type.Integer(),
  /** The role may do nothing without a second factor. */
  isRequired: Type.Boolean(),
  hasPassword: Type.Boolean(),
  hasWallet: Type.Boolean(),
})
export type Factors = Static<typeof Factors>

/** A new secret for an authenticator app; shown until its first code confirms it. */
export const TotpSetup = Type.Object({ secret: Type.String(), uri: Type.String() })
export type TotpSetup = Static<typeof TotpSetup>

/** Factors after a change, and the new recovery codes when there are new ones: they are never shown again. */
export const FactorChange = Type.Object({ factors: Factors, recoveryCodes: Type.Array(Type.String()) })
export type FactorChange = Static<typeof FactorChange>
