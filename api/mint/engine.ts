import type { LocalAccount } from 'viem'
import type { Pool } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import type { Log } from '../../common/node/log.ts'
import type { FeePolicy } from './fees.ts'
import type { Nodes } from './nodes.ts'
import type { Step } from './steps.ts'

/** What minting works with. */
export interface Engine {
  /** Connected as terra_worker. */
  pool: Pool
  nodes: Nodes
  deployment: Deployment
  /** Signs and pays for transactions. */
  minter: LocalAccount
  /** Signs that an investment is paid; sends nothing. */
  paymentAttestor: LocalAccount
  clock: () => Date
  log: Log
  step: Step
  settings: MintSettings
}

export interface MintSettings {
  fees: FeePolicy
  /** Bor guarantees 16 executable slots an account; four stay free for replacements. */
  maxInFlight: number
  /** A transaction neither mined nor replaced for so long is offered more. */
  bumpAfterMs: number
  /** Every nonce the chain has not used is sent again this often. */
  resendAfterMs: number
  /** A worker that showed no sign of life for so long has lost the signer to the next. */
  takeoverAfterMs: number
}

/** Settings for Polygon, where blocks come every two seconds. */
export const MINT_SETTINGS: MintSettings = {
  fees: { tipFloorWei: 30_000_000_000n, maxFeeCapWei: 1_000_000_000_000n },
  maxInFlight: 12,
  bumpAfterMs: 15_000,
  resendAfterMs: 2_000,
  takeoverAfterMs: 5_000,
}

/** The signer as the database writes addresses. */
export function signerOf({ minter }: Pick<Engine, 'minter'>): string {
  return minter.address.toLowerCase()
}
