import { documentsAbi, saleAbi } from '../../common/abi.ts'
import type { Columns } from '../tables.ts'
import { fact } from './facts.ts'
import { NOT_MIRRORED, openReader } from './reader.ts'
import { int, lower, projectId, text, unexpected } from './values.ts'

/** Members of ISaleTypes.Method by number. */
const METHODS = ['escrow', 'fiat'] as const

/** The sale: terms, commitments, refunds, proceeds. */
export const readerOfSale = openReader(saleAbi, {
  SaleOpened: ({ projectId: id, terms, treasury }) =>
    fact('sale_opened', {
      project_id: projectId(id),
      currency: lower(terms.currency),
      price_per_unit: terms.pricePerUnit,
      target_units: terms.targetUnits,
      hard_cap_units: terms.hardCapUnits,
      max_fiat_units: terms.maxFiatUnits,
      max_units_per_investor: terms.maxUnitsPerInvestor,
      unlock_days: terms.unlockDays,
      opens_at: BigInt(terms.opensAt),
      closes_at: BigInt(terms.closesAt),
      cooling_off_seconds: BigInt(terms.coolingOffSeconds),
      treasury: lower(treasury),
    }),
  Committed: ({ investmentId, projectId: id, buyer, units, amount, method, openUnits }) =>
    fact('commitment_made', {
      investment_id: investmentId,
      project_id: projectId(id),
      buyer: lower(buyer),
      units,
      amount,
      method: METHODS[method] ?? unexpected(`method ${method}`),
      open_units: openUnits,
    }),
  CommitmentCancelled: ({ investmentId, projectId: id, buyer, units, amount, paidTo, openUnits }) =>
    fact('commitment_end', {
      ...{ investment_id: investmentId, project_id: projectId(id), step: 'cancelled', account: lower(buyer), units, amount },
      ...{ paid_to: lower(paidTo), open_units: openUnits },
    }),
  CommitmentSettled: ({ investmentId, projectId: id, investor, units, amount }) =>
    fact('commitment_end', {
      ...{ investment_id: investmentId, project_id: projectId(id), step: 'settled', account: lower(investor), units, amount },
      ...{ paid_to: null, open_units: null },
    }),
  CommitmentRefunded: ({ investmentId, projectId: id, buyer, units, amount, paidTo }) =>
    fact('commitment_end', {
      ...{ investment_id: investmentId, project_id: projectId(id), step: 'refunded', account: lower(buyer), units, amount },
      ...{ paid_to: lower(paidTo), open_units: null },
    }),
  RefundSkipped: ({ investmentId }) => fact('refund_skip', { investment_id: investmentId }),
  RefundAddressSet: ({ buyer, refundAddress }) => fact('refund_address_set', { buyer: lower(buyer), refund_address: lower(refundAddress) }),
  EarlyCloseAnnounced: ({ projectId: id, closesAt }) => saleStep(id, 'early_close_announced', { closes_at: closesAt }),
  EarlyCloseLapsed: ({ projectId: id, closesAt }) => saleStep(id, 'early_close_lapsed', { closes_at: closesAt }),
  SaleAbandoned: ({ projectId: id, reason }) => saleStep(id, 'abandoned', { reason }),
  SaleFinalized: ({ projectId: id, success, units, amount }) => saleStep(id, success ? 'succeeded' : 'failed', { units, amount }),
  ProceedsWithdrawn: ({ projectId: id, treasury, amount }) => saleStep(id, 'proceeds_withdrawn', { treasury: lower(treasury), amount }),
  AuthorityUpdated: ({ authority }, contract) => fact('authority_set', { contract, authority: lower(authority) }),
  // As in the ledger.
  EIP712DomainChanged: NOT_MIRRORED,
})

/** The register of documents. */
export const readerOfDocuments = openReader(documentsAbi, {
  DocumentSet: ({ projectId: id, kind, version, hash, uri }) =>
    fact('document', { project_id: projectId(id), kind, version: int(version), document_hash: hash, uri: text(uri) }),
  AuthorityUpdated: ({ authority }, contract) => fact('authority_set', { contract, authority: lower(authority) }),
})

function saleStep(id: bigint, step: string, known: Partial<Columns<'sale_step'>>) {
  const empty = { closes_at: null, reason: null, units: null, amount: null, treasury: null }
  return fact('sale_step', { ...empty, ...known, project_id: projectId(id), step })
}
