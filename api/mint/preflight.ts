import type { Hex } from 'viem'
import type { Refusal } from '../../common/chain-errors.ts'
import { CODE_DAILY_MINT_CAP, CODE_PAUSED, CODE_PROJECT_STATE } from '../../common/chain-restrictions.ts'
import { stateNumber } from '../../common/ledger-states.ts'
import type { Engine } from './engine.ts'
import type { Intent, Location } from './intents.ts'
import { estimateGas, locateDone, readDone, revertOf } from './ledger.ts'
import { renewMintCall } from './voucher.ts'

/** What the chain says to an intent before a nonce is spent on it. */
export type Verdict =
  | { say: 'send'; gasLimit: bigint }
  | { say: 'done'; location: Location }
  | { say: 'wait'; reason: string }
  | { say: 'renew'; reason: string; callData: Hex }
  | { say: 'cancel'; reason: string }
  | { say: 'review'; reason: string }

/** Asks the chain whether the call is done already, would pass, must wait, or can never pass. @throws when no node answers */
export async function checkIntent(engine: Engine, intent: Intent): Promise<Verdict> {
  if (await isHalted(engine)) return { say: 'wait', reason: 'The chain replaced a block that was final: see "terra incidents"' }
  const done = await readDone(engine, intent)
  if (done === 'conflict') return { say: 'review', reason: 'The chain has a receipt under this investment id with other arguments' }
  if (done === 'done') {
    const location = await locateDone(engine, intent)
    return location ? { say: 'done', location } : { say: 'wait', reason: 'On chain already; its event is not readable yet' }
  }
  try {
    const gas = await estimateGas(engine, intent)
    // Mints of one project in the same block change what the next one costs (a new holder's first slot, a new epoch).
    return { say: 'send', gasLimit: (gas * 3n) / 2n + 30_000n }
  } catch (error) {
    const refusal = revertOf(error)
    if (!refusal) throw error
    return judge(engine, intent, refusal)
  }
}

/** After a violation of finality nothing more is sent until an operator has looked at it. */
async function isHalted({ pool }: Engine): Promise<boolean> {
  const { rows } = await pool.query<{ halted: boolean }>('select exists (select from app.open_incident) as halted')
  return rows[0]!.halted
}

/** What a refusal means for the intent: some pass by themselves, some need fresh papers, the rest a person. */
async function judge(engine: Engine, intent: Intent, refusal: Refusal): Promise<Verdict> {
  const reason = refusal.sentence
  switch (refusal.name) {
    // The attestation was not used in time: the account gets a fresh one.
    case 'AttestationExpired':
    case 'AttestationOutdated':
      return { say: 'cancel', reason }
    case 'SignatureExpired':
    case 'InvalidVoucher': {
      const callData = await renewMintCall(engine.paymentAttestor, engine.deployment, intent.callData, engine.clock())
      // Then the role is missing, or the clocks differ: for the operator to mend once, not for each investment.
      return callData === null ? { say: 'wait', reason } : { say: 'renew', reason, callData }
    }
    case 'MissingRole':
    case 'EnforcedPause':
      return { say: 'wait', reason }
    case 'TransferRestricted':
      return { say: passesByItself(refusal.args) ? 'wait' : 'review', reason }
    default:
      return { say: 'review', reason }
  }
}

/** The ledger or the project is paused, or today's mints are used up; an order above what any day allows will never pass. */
function passesByItself([code, , , , units, limit]: readonly unknown[]): boolean {
  if (code === CODE_PROJECT_STATE) return limit === BigInt(stateNumber('paused'))
  if (code === CODE_DAILY_MINT_CAP) return (units as bigint) <= (limit as bigint)
  return code === CODE_PAUSED
}
