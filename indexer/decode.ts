import { type Abi, type Hex, parseEventLogs, toEventSelector } from 'viem'
import { ownershipAbi, registrarAbi, vaultAbi } from '../common/abi.ts'
import { LEDGER_STATES } from '../common/ledger-states.ts'
import { Stop } from './errors.ts'
import type { Contracts } from './settings.ts'
import type { MinedLog } from './source.ts'
import type { Columns, Place, Row, Table } from './tables.ts'

/**
 * Logs of the mirrored contracts → rows of the mirror, in the order of the logs. Pure.
 * A batch becomes one row per project id, with `batch_index`; a single has index 0. Nothing but this file says `id` and `value`.
 * @param timeOf Unix second of a block
 * @throws Stop UNEXPECTED_EVENT for an event of the ABI whose data does not fit, and for a number that fits no column
 */
export function decode(logs: readonly MinedLog[], contracts: Contracts, timeOf: (blockNumber: bigint) => bigint): Row[] {
  const placeOf = (log: MinedLog): Place => ({
    block_number: log.blockNumber,
    log_index: log.logIndex,
    block_time: timeOf(log.blockNumber),
    tx_hash: log.transactionHash,
  })
  const rows = [
    ...ofContract(logs, contracts.ownership, ownershipAbi).flatMap((log) => ownershipRows(log, placeOf(log))),
    ...ofContract(logs, contracts.vault, vaultAbi).flatMap((log) => vaultRows(log, placeOf(log))),
    ...ofContract(logs, contracts.registrar, registrarAbi).flatMap((log) => registrarRows(log, placeOf(log))),
  ]
  return rows.sort(byPlace)
}

type OwnershipLog = ReturnType<typeof ofContract<typeof ownershipAbi>>[number]
type VaultLog = ReturnType<typeof ofContract<typeof vaultAbi>>[number]
type RegistrarLog = ReturnType<typeof ofContract<typeof registrarAbi>>[number]

function ownershipRows(log: OwnershipLog, place: Place): Row[] {
  switch (log.eventName) {
    case 'TransferSingle': {
      const { operator, from, to, id, value } = log.args
      return [row('transfer', place, { batch_index: 0, ...moved(operator, from, to, id, value) })]
    }
    case 'TransferBatch': {
      const { operator, from, to, ids, values } = log.args
      return ids.map((id, at) => row('transfer', place, { batch_index: at, ...moved(operator, from, to, id, values[at]!) }))
    }
    case 'ProjectCreated': {
      const { projectId, terms } = log.args
      return [
        row('project_created', place, {
          project_id: int(projectId),
          cap: terms.cap,
          max_holders: BigInt(terms.maxHolders),
          lock_days: terms.lockDays,
          payout_token: lower(terms.payoutToken),
          exit_target_per_unit: terms.exitTargetPerUnit,
          max_holder_bps: terms.maxHolderBps,
          daily_mint_cap: terms.dailyMintCap,
          treasury: lower(terms.treasury),
          buy_out_per_unit: terms.buyOutPerUnit,
        }),
      ]
    }
    case 'ProjectStateChanged': {
      const { projectId, state, reason } = log.args
      return [
        row('project_state', place, { project_id: int(projectId), state: LEDGER_STATES[state] ?? unexpected(`state ${state}`), reason }),
      ]
    }
    case 'MetadataSet': {
      const { projectId, version, metadataHash, uri } = log.args
      return [row('metadata', place, { project_id: int(projectId), version: int(version), metadata_hash: metadataHash, uri: text(uri) })]
    }
    case 'AccountSet': {
      const { account, flags, expiry, country, class: investorClass, investorId } = log.args
      return [
        row('account_set', place, {
          account: lower(account),
          flags,
          expires_at: BigInt(expiry),
          country,
          class: investorClass,
          investor_id: investorId,
        }),
      ]
    }
    case 'InvestmentMinted': {
      const { investmentId, projectId, investor, units, unlockDay } = log.args
      return [
        row('receipt', place, {
          investment_id: investmentId,
          project_id: int(projectId),
          investor: lower(investor),
          units,
          unlock_day: int(unlockDay),
        }),
      ]
    }
    case 'InvestmentSkipped': {
      const { investmentId, projectId, reason } = log.args
      return [row('mint_skip', place, { investment_id: investmentId, project_id: int(projectId), reason })]
    }
    case 'InvestmentReversed': {
      const { investmentId, projectId, holder, units, reason } = log.args
      return [row('reversal', place, { investment_id: investmentId, project_id: int(projectId), holder: lower(holder), units, reason })]
    }
    case 'HoldingMoved': {
      const { projectId, from, to, units, locked, unlockDay, carried } = log.args
      return [
        row('holding_move', place, {
          project_id: int(projectId),
          from_address: lower(from),
          to_address: lower(to),
          units,
          locked,
          unlock_day: int(unlockDay),
          carried,
        }),
      ]
    }
    case 'LotReleased': {
      const { investmentId, projectId, holder, units } = log.args
      return [row('lot_release', place, { investment_id: investmentId, project_id: int(projectId), holder: lower(holder), units })]
    }
    case 'EpochOpened': {
      const { projectId, epoch, supply, amount, cumulativePerUnit } = log.args
      return [
        row('epoch', place, { project_id: int(projectId), epoch: int(epoch), supply, amount, cumulative_per_unit: cumulativePerUnit }),
      ]
    }
    case 'ExitAnnounced': {
      const { projectId, communityDao, notBefore } = log.args
      return [exitStep(place, projectId, 'announced', { dao: lower(communityDao), not_before: notBefore })]
    }
    case 'ExitCancelled':
      return [exitStep(place, log.args.projectId, 'cancelled', {})]
    case 'ExitBegun': {
      const { projectId, communityDao, epoch } = log.args
      return [exitStep(place, projectId, 'begun', { dao: lower(communityDao), epoch: int(epoch) })]
    }
    case 'ExitBatch': {
      const { projectId, holders, units, remaining } = log.args
      return [exitStep(place, projectId, 'batch', { holders: int(holders), units, remaining })]
    }
    case 'ProjectExited': {
      const { projectId, communityDao, units } = log.args
      return [exitStep(place, projectId, 'exited', { dao: lower(communityDao), units, remaining: 0n })]
    }
    case 'Paused':
      return [row('ledger_pause', place, { is_paused: true })]
    case 'Unpaused':
      return [row('ledger_pause', place, { is_paused: false })]
    default:
      return []
  }
}

function vaultRows(log: VaultLog, place: Place): Row[] {
  switch (log.eventName) {
    case 'ReturnsDistributed': {
      const { projectId, epoch, token, amount, reportHash, reportUri, distributionId } = log.args
      return [
        row('distribution', place, {
          project_id: int(projectId),
          epoch: int(epoch),
          token: lower(token),
          amount,
          report_hash: reportHash,
          report_uri: text(reportUri),
          distribution_id: distributionId,
        }),
      ]
    }
    case 'DistributionClaimed': {
      const { projectId, holder, uptoEpoch, amount, paidTo } = log.args
      return [
        row('claim', place, {
          project_id: int(projectId),
          holder: lower(holder),
          upto_epoch: int(uptoEpoch),
          amount,
          paid_to: lower(paidTo),
        }),
      ]
    }
    case 'DistributionClawedBack': {
      const { projectId, holder, uptoEpoch, amount, treasury } = log.args
      return [
        row('clawback', place, {
          project_id: int(projectId),
          holder: lower(holder),
          upto_epoch: int(uptoEpoch),
          amount,
          treasury: lower(treasury),
        }),
      ]
    }
    case 'ClaimSkipped':
      return [row('claim_skip', place, { project_id: int(log.args.projectId), holder: lower(log.args.holder) })]
    default:
      return []
  }
}

function registrarRows(log: RegistrarLog, place: Place): Row[] {
  switch (log.eventName) {
    case 'AccountRevoked': {
      const { investorId, account, issuedAt } = log.args
      return [row('revocation', place, { investor_id: investorId, account: lower(account), issued_at: BigInt(issuedAt) })]
    }
    default:
      return []
  }
}

function moved(operator: Hex, from: Hex, to: Hex, id: bigint, value: bigint) {
  return { operator: lower(operator), from_address: lower(from), to_address: lower(to), project_id: int(id), units: value }
}

function exitStep(place: Place, projectId: bigint, step: string, known: Partial<Columns<'exit_step'>>): Row {
  const empty = { dao: null, not_before: null, epoch: null, holders: null, units: null, remaining: null }
  return row('exit_step', place, { ...empty, ...known, project_id: int(projectId), step })
}

function row<T extends Table>(table: T, place: Place, columns: Columns<T>): Row {
  return { table, columns: { ...place, ...columns } } as Row
}

/** The logs of one contract, decoded; those whose event the ABI doesn't know are left out, those that only pretend to be known stop the indexer. */
function ofContract<const T extends Abi>(logs: readonly MinedLog[], address: Hex | undefined, abi: T) {
  const own = logs.filter((log) => log.address === address)
  if (own.length === 0) return []
  const parsed = parseEventLogs({ abi, logs: own, strict: true })
  const known = new Set(abi.flatMap((item) => (item.type === 'event' ? [toEventSelector(item)] : [])))
  const expected = own.filter((log) => log.topics[0] !== undefined && known.has(log.topics[0])).length
  if (parsed.length !== expected) unexpected(`${expected - parsed.length} logs of ${address} with data that does not fit their event`)
  return parsed as ((typeof parsed)[number] & MinedLog)[]
}

function int(value: bigint): number {
  return value <= 2_147_483_647n ? Number(value) : unexpected(`the number ${value}`)
}

/** Postgres texts can't hold the NUL character. */
function text(value: string): string {
  return value.replaceAll('\u0000', '\uFFFD')
}

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex
}

function unexpected(what: string): never {
  throw new Stop('UNEXPECTED_EVENT', `A contract emitted what its interface rules out: ${what}; this indexer is older than the contract`)
}

function byPlace(a: Row, b: Row): number {
  const [left, right] = [a.columns, b.columns]
  if (left.block_number !== right.block_number) return left.block_number < right.block_number ? -1 : 1
  return left.log_index - right.log_index
}
