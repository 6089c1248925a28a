import { type Static, Type } from 'typebox'
import { literals, Nullable, Position, Time, Uuid } from './wire.ts'

export const Network = literals('evm', 'solana', 'bitcoin')
export type Network = Static<typeof Network>

/** An address that a person linked besides the wallet that receives units. */
export const OutsideWallet = Type.Object({
  id: Uuid,
  network: Network,
  /** As its network writes it; EVM in lower case. */
  address: Type.String(),
  label: Nullable(Type.String()),
  /** When a signature proved it; null where it is only watched. */
  provenAt: Nullable(Time),
  /** What an EVM address holds on the ledger; others hold nothing there. */
  positions: Type.Array(Position),
})
export type OutsideWallet = Static<typeof OutsideWallet>

/** What a wallet signs to prove an address; good for five minutes and one time. */
export const OutsideChallenge = Type.Object({ nonce: Type.String(), message: Type.String() })
export type OutsideChallenge = Static<typeof OutsideChallenge>
