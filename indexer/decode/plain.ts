import { Stop } from '../errors.ts'
import { readerOfLedger, STANDARD_TOPICS } from './ledger.ts'
import type { Reader } from './reader.ts'

/**
 * Any ERC-1155 contract: its standard events must fit. Ours beside them are read when the contract is a ledger of ours, and passed
 * over when another's event only looks like one.
 */
export const readerOfPlain: Reader = {
  knows: readerOfLedger.knows,
  topics: readerOfLedger.topics,
  factsOf(log) {
    if (!readerOfLedger.knows(log.topics[0])) return []
    try {
      return readerOfLedger.factsOf(log)
    } catch (error) {
      if (!(error instanceof Stop) || STANDARD_TOPICS.has(log.topics[0]!)) throw error
      return []
    }
  },
}
