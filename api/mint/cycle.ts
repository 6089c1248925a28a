import { allocate } from './allocate.ts'
import { type Engine, signerOf } from './engine.ts'
import { finalise } from './finalise.ts'
import { type Hold, holdSigner } from './hold-signer.ts'
import { listInFlight, listMined } from './intents.ts'
import { readHeads } from './nodes.ts'
import { observe } from './observe.ts'
import { sweep } from './sweep.ts'

/** What a cycle leaves to the next: the hold on the signer, and whether something is under way. */
export interface CycleState {
  hold: Hold | null
  isStarting: boolean
  isBusy: boolean
}

export const FIRST_CYCLE: CycleState = { hold: null, isStarting: true, isBusy: false }

/**
 * One round of minting: look, settle, heal, sign, send. Every step can be repeated and may be the last one before a power cut;
 * an error ends the round and the next one begins anew.
 */
export async function runCycle(engine: Engine, state: CycleState): Promise<CycleState> {
  const hold = await holdSigner(engine, state.hold, state.isStarting)
  if (!hold) return { hold: null, isStarting: false, isBusy: false }
  await engine.step('cycle:begun')
  const heads = await readHeads(engine.nodes, engine.minter.address)
  await observe(engine, heads)
  await finalise(engine, heads)
  await sweep(engine, hold, heads)
  const inFlight = async () => listInFlight(engine.pool, engine.nodes.chainId, signerOf(engine))
  await allocate(engine, hold, (await inFlight()).length)
  // What was just signed goes out in this round: to the sweep it is simply a nonce the chain has not used.
  const after = await inFlight()
  if (after.some((intent) => intent.state === 'signed')) await sweep(engine, hold, heads)
  const mined = await listMined(engine.pool, engine.nodes.chainId)
  return { hold, isStarting: false, isBusy: after.length + mined.length > 0 }
}
