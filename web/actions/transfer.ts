import type { Abi, Address } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import { shortHex, whole } from '../view/format.ts'
import type { Action, ContractCall } from './action.ts'

export type Transfer = { ledger: Address; from: Address; to: Address; projectId: number; projectName: string; units: bigint }

/** Sends units to another investor's wallet. */
export const transferUnits = {
  describe: (t) => `Send ${unitsOf(t)} to ${shortHex(t.to)}`,
  done: (t) => `Sent ${unitsOf(t)} of ${t.projectName} to ${shortHex(t.to)}`,
  request: (t) => ({
    address: t.ledger,
    abi: ownershipAbi as Abi,
    functionName: 'safeTransferFrom',
    args: [t.from, t.to, BigInt(t.projectId), t.units, '0x'],
  }),
} satisfies Action<Transfer>

/** Asks the ledger whether it would let the units move; answers a reason code, 0 for yes. */
export function transferCheck(t: Transfer): ContractCall {
  return {
    address: t.ledger,
    abi: ownershipAbi as Abi,
    functionName: 'detectTransferRestriction',
    args: [t.from, t.to, BigInt(t.projectId), t.units],
  }
}

function unitsOf(t: Transfer) {
  return t.units === 1n ? '1 unit' : `${whole(t.units)} units`
}
