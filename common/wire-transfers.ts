import { type Static, Type } from 'typebox'
import { Nullable, Time, Uint, Uuid } from './wire.ts'

/** An amount of money in the currency's smallest unit, above zero; at most 2^63 - 1. */
export const Amount = Type.String({ pattern: '^[1-9][0-9]{0,18}$', description: 'Smallest units as a decimal integer, above zero' })
export const Currency = Type.Union([Type.Literal('USD'), Type.Literal('EUR')])

/** How an investor pays an order by a bank transfer. */
export const WireInstructions = Type.Object({
  /** What must stand on the transfer. */
  reference: Type.String(),
  amountCents: Uint,
  currency: Type.String(),
  /** Name, bank and account, as lines of text. */
  payTo: Type.String(),
  /** The units are reserved so long. */
  payBefore: Time,
})
export type WireInstructions = Static<typeof WireInstructions>

/** A movement on the bank account that somebody of the staff put down. */
export const Wire = Type.Object({
  id: Uuid,
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
  bankRef: Type.String(),
  reference: Type.String(),
  investmentId: Uuid,
  amountMinor: Uint,
  currency: Type.String(),
  bookedOn: Type.String({ format: 'date' }),
  state: Type.Union([Type.Literal('proposed'), Type.Literal('confirmed'), Type.Literal('booked'), Type.Literal('returned')]),
  proposedBy: Uuid,
  proposedAt: Time,
  decidedBy: Nullable(Uuid),
})
export type Wire = Static<typeof Wire>
