import type { Hex } from 'viem'
import { readerOfAccess, readerOfGovernor, readerOfTimelock } from './decode/governance.ts'
import { readerOfLedger } from './decode/ledger.ts'
import { readerOfPlain } from './decode/plain.ts'
import type { Reader } from './decode/reader.ts'
import { readerOfRegistrar } from './decode/registrar.ts'
import { readerOfDocuments, readerOfSale } from './decode/sale.ts'
import { readerOfVault } from './decode/vault.ts'
import type { Contracts } from './settings.ts'
import type { MinedLog } from './source.ts'
import type { Row } from './tables.ts'

/**
 * Logs of the mirrored contracts → rows of the mirror, in the order of the logs. Pure.
 * A batch becomes one row per project id, with `batch_index`; a single has index 0. Logs of other contracts are passed over.
 * @param timeOf Unix second of a block
 * @throws Stop UNEXPECTED_EVENT for an event that its contract's ABI doesn't have or whose data does not fit, and for a number that fits
 * no column
 */
export function decode(logs: readonly MinedLog[], contracts: Contracts, timeOf: (blockNumber: bigint) => bigint): Row[] {
  const readers = readersOf(contracts)
  const rows: Row[] = []
  for (const log of logs) {
    const reader = readers.get(log.address)
    if (reader === undefined) continue
    const place = {
      block_number: log.blockNumber,
      log_index: log.logIndex,
      block_time: timeOf(log.blockNumber),
      tx_hash: log.transactionHash,
    }
    for (const { table, columns } of reader.factsOf(log)) rows.push({ table, columns: { ...place, ...columns } } as Row)
  }
  return rows
}

/**
 * First topics of the logs to ask for; undefined when all are wanted, because an unknown event of our own contracts must not pass unseen.
 * Of anybody's contract the others, which can be most, need not be sent at all.
 */
export function topicsOf(contracts: Contracts): readonly Hex[] | undefined {
  return contracts.vault === undefined ? readerOfPlain.topics : undefined
}

/** Who reads the logs of which address. A ledger without its vault may be anybody's ERC-1155 contract. */
function readersOf(contracts: Contracts): Map<Hex, Reader> {
  const { ownership, vault, registrar, sale, documents, accessManager, timelocks = [], governors = [] } = contracts
  const pairs: [Hex | undefined, Reader][] = [
    [ownership, vault === undefined ? readerOfPlain : readerOfLedger],
    [vault, readerOfVault],
    [registrar, readerOfRegistrar],
    [sale, readerOfSale],
    [documents, readerOfDocuments],
    [accessManager, readerOfAccess],
    ...timelocks.map((address): [Hex, Reader] => [address, readerOfTimelock]),
    ...governors.map((address): [Hex, Reader] => [address, readerOfGovernor]),
  ]
  return new Map(pairs.filter((pair): pair is [Hex, Reader] => pair[0] !== undefined))
}
