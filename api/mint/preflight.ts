import { type Address, decodeFunctionData } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import type { Engine } from './engine.ts'
import type { Intent, Location } from './intents.ts'
import { estimateGas, locateDone, readDone, revertOf } from './ledger.ts'
import { askOne } from './nodes.ts'

/** What the chain says to an intent before a nonce is spent on it. */
export type Verdict =
  | { say: 'send'; gasLimit: bigint }
  | { say: 'done'; location: Location }
  | { say: 'wait'; reason: string }
  | { say: 'cancel'; reason: string }
  | { say: 'review'; reason: string }

/** ITerraLuminaOwnership.State.Paused */
const PROJECT_PAUSED = 3
const CODE_PAUSED = 1
const CODE_PROJECT_STATE = 2

/** Asks the chain whether the call is done already, would pass, must wait, or can never pass. @throws when no node answers */
export async function checkIntent(engine: Engine, intent: Intent): Promise<Verdict> {
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
    const revert = revertOf(error)
    if (!revert) throw error
    return judge(engine, intent, revert)
  }
}

async function judge(engine: Engine, intent: Intent, { name, args }: { name: string; args: readonly unknown[] }): Promise<Verdict> {
  // The attestation was not used in time: the account gets a fresh one.
  if (name === 'AttestationExpired' || name === 'AttestationOutdated') return { say: 'cancel', reason: name }
  if (name === 'EnforcedPause') return { say: 'wait', reason: 'The ledger is paused' }
  if (name !== 'TransferRestricted') return { say: 'review', reason: `The chain refuses: ${[name, ...args.map(String)].join(' ')}` }
  const code = Number(args[0])
  if (code === CODE_PAUSED) return { say: 'wait', reason: 'The ledger is paused' }
  if (code === CODE_PROJECT_STATE && (await isProjectPaused(engine, intent))) return { say: 'wait', reason: 'The project is paused' }
  const message = await askOne(engine.nodes, (client) =>
    client.readContract({
      address: engine.deployment.ownership as Address,
      abi: ownershipAbi,
      functionName: 'messageForTransferRestriction',
      args: [code],
    }),
  )
  return { say: 'review', reason: `Not eligible (code ${code}): ${message}` }
}

async function isProjectPaused(engine: Engine, intent: Intent): Promise<boolean> {
  const { args } = decodeFunctionData({ abi: ownershipAbi, data: intent.callData })
  const project = await askOne(engine.nodes, (client) =>
    client.readContract({
      address: engine.deployment.ownership as Address,
      abi: ownershipAbi,
      functionName: 'projectOf',
      args: [BigInt(args![1] as number)],
    }),
  )
  return project.state === PROJECT_PAUSED
}
