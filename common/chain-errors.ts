import { decodeAbiParameters, type Hex, isHex, parseAbiParameters, toFunctionSelector } from 'viem'
import { LEDGER_ERRORS, type Sentences } from './chain-errors-ledger.ts'
import { PAYOUT_ERRORS } from './chain-errors-payouts.ts'
import { PEOPLE_ERRORS } from './chain-errors-people.ts'
import { SALE_ERRORS } from './chain-errors-sale.ts'
import { VOTE_ERRORS } from './chain-errors-votes.ts'

/** One sentence for every custom error of every contract, by its signature. A test compares them with the contracts. */
export const CHAIN_ERRORS: Sentences = { ...LEDGER_ERRORS, ...PAYOUT_ERRORS, ...PEOPLE_ERRORS, ...SALE_ERRORS, ...VOTE_ERRORS }

/** What a contract refused with. */
export interface Refusal {
  name: string
  args: readonly unknown[]
  sentence: string
}

const bySelector = new Map<string, string>()

/** Reads what a call reverted with, whichever contract along the way said it; null when no contract of ours has such an error. */
export function explainRevert(data: unknown): Refusal | null {
  if (!isHex(data) || data.length < 10) return null
  if (bySelector.size === 0) for (const signature of Object.keys(CHAIN_ERRORS)) bySelector.set(toFunctionSelector(signature), signature)
  const signature = bySelector.get(data.slice(0, 10))
  if (signature === undefined) return null
  const open = signature.indexOf('(')
  const types = signature.slice(open + 1, -1)
  try {
    const args = types === '' ? [] : decodeAbiParameters(parseAbiParameters(types), `0x${data.slice(10)}` as Hex)
    return { name: signature.slice(0, open), args, sentence: CHAIN_ERRORS[signature]!(args) }
  } catch {
    return null
  }
}

/**
 * The bytes with which a call reverted, inside whatever a client threw. Nodes and libraries put them in different places;
 * undefined when the call failed for another cause.
 */
export function revertDataOf(error: unknown): Hex | undefined {
  for (let at: unknown = error, depth = 0; typeof at === 'object' && at !== null && depth < 20; depth++) {
    const { data, raw, cause } = at as { data?: unknown; raw?: unknown; cause?: unknown }
    for (const found of [raw, data, (data as { data?: unknown } | undefined)?.data]) if (isHex(found)) return found
    at = cause
  }
  return undefined
}
