import type { ownershipAbi } from '../../common/abi.ts'
import { fact } from './facts.ts'
import type { Readers } from './reader.ts'
import { int, lower, projectId } from './values.ts'

type LotEvent =
  | 'InvestmentMinted'
  | 'InvestmentSkipped'
  | 'InvestmentReversed'
  | 'LotReleased'
  | 'LotMoved'
  | 'LockCarried'
  | 'HoldingMoved'
  | 'Frozen'
  | 'ForcedTransfer'

/** The ledger's receipts, their lots and lock-ups, and what enforcement does to them. */
export const lotReaders: Pick<Readers<typeof ownershipAbi>, LotEvent> = {
  InvestmentMinted: ({ investmentId, projectId: id, investor, units, unlockDay }) =>
    fact('receipt', {
      investment_id: investmentId,
      project_id: projectId(id),
      investor: lower(investor),
      units,
      unlock_day: int(unlockDay),
    }),
  InvestmentSkipped: ({ investmentId, projectId: id, reason }) =>
    fact('mint_skip', { investment_id: investmentId, project_id: projectId(id), reason }),
  InvestmentReversed: ({ investmentId, projectId: id, holder, units, reason }) =>
    fact('reversal', { investment_id: investmentId, project_id: projectId(id), holder: lower(holder), units, reason }),
  LotReleased: ({ investmentId, projectId: id, holder, units }) =>
    fact('lot_release', { investment_id: investmentId, project_id: projectId(id), holder: lower(holder), units }),
  LotMoved: ({ investmentId, from, to, units, reason }) =>
    fact('lot_move', { investment_id: investmentId, from_address: lower(from), to_address: lower(to), units, reason }),
  LockCarried: ({ projectId: id, from, to, units, unlockDay }) =>
    fact('lock_carry', {
      project_id: projectId(id),
      from_address: lower(from),
      to_address: lower(to),
      units,
      unlock_day: int(unlockDay),
    }),
  HoldingMoved: ({ projectId: id, from, to, units, locked, unlockDay, carried }) =>
    fact('holding_move', {
      project_id: projectId(id),
      from_address: lower(from),
      to_address: lower(to),
      units,
      locked,
      unlock_day: int(unlockDay),
      carried,
    }),
  Frozen: ({ account, tokenId, amount }) => fact('freeze_set', { project_id: projectId(tokenId), holder: lower(account), units: amount }),
  ForcedTransfer: ({ from, to, tokenId, amount }) =>
    fact('forced_transfer', { project_id: projectId(tokenId), from_address: lower(from), to_address: lower(to), units: amount }),
}
