import { type Abi, type AbiEvent, encodeAbiParameters, encodeEventTopics, type Hex } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'

/** The contract that is mirrored. */
export const LEDGER: Hex = '0x1edce0000000000000000000000000000000c0de'
/** Contracts that are not. */
export const STRANGERS: readonly Hex[] = ['0x5712a90000000000000000000000000000000001', '0x5712a90000000000000000000000000000000002']
export const ZERO: Hex = '0x0000000000000000000000000000000000000000'

/** A log before it stands in a block. */
export interface Emitted {
  address: Hex
  topics: Hex[]
  data: Hex
}

/** Units that a log moves; a batch moves several. Kept beside the log so that nothing has to be decoded to know the truth. */
export interface Move {
  /** Position of the log among its transaction's logs. */
  at: number
  batchIndex: number
  operator: Hex
  from: Hex
  to: Hex
  projectId: number
  units: bigint
}

/** Something that happened: its logs stand together in one block. */
export interface Tx {
  hash: Hex
  emitted: Emitted[]
  moves: Move[]
  /** What may happen once only on any one branch, such as the creation of a project. */
  claims: string[]
}

/** Encodes an event of the ledger's ABI by its name and named arguments. */
export function emit(eventName: string, args: Record<string, unknown>, address: Hex = LEDGER): Emitted {
  const event = (ownershipAbi as Abi).find((item): item is AbiEvent => item.type === 'event' && item.name === eventName)
  if (event === undefined) throw new Error(`The ledger has no event ${eventName}`)
  const plain = event.inputs.filter(({ indexed }) => !indexed)
  return {
    address,
    topics: encodeEventTopics({ abi: [event], eventName, args }) as Hex[],
    data: encodeAbiParameters(
      plain,
      plain.map(({ name }) => args[name!]),
    ),
  }
}
