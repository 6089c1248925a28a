import { CANCEL_BEFORE_CLOSE, COMMITMENT_STATE, GRACE, MIN_OPEN, NOTICE, SALE_STATE } from './sale-scene.ts'

/** What the sale should do, without escrow counters, packed slots or a bitmap: every sum is taken anew from the list. */

export interface ModelSale {
  projectId: number
  price: bigint
  target: number
  hardCap: number
  maxFiat: number
  perInvestor: number
  coolingOff: number
  opensAt: number
  lastClose: number
  closesAt: number
  state: number
  finalizedAt: number
  /** Base units that the treasury got. */
  withdrawn: bigint
}
export interface ModelCommitment {
  id: string
  projectId: number
  buyer: string
  units: number
  fiat: boolean
  committedAt: number
  state: number
}
export interface Model {
  sales: Map<number, ModelSale>
  commitments: ModelCommitment[]
  refundTo: Map<string, string>
  eligible: Set<string>
  blocked: Set<string>
  paused: boolean
}

/** The name of the error that a call ends in; null when it goes through. */
export type Verdict = string | null

export const of = (model: Model, sale: ModelSale, ...states: number[]) =>
  model.commitments.filter((each) => each.projectId === sale.projectId && states.includes(each.state))
export const unitsOf = (list: ModelCommitment[]) => list.reduce((sum, each) => sum + each.units, 0)
export const moneyOf = (model: Model, list: ModelCommitment[]) =>
  list.reduce((sum, each) => sum + (each.fiat ? 0n : BigInt(each.units) * model.sales.get(each.projectId)!.price), 0n)
export const open = (model: Model, sale: ModelSale) => of(model, sale, COMMITMENT_STATE.open)
export const settled = (model: Model, sale: ModelSale) => of(model, sale, COMMITMENT_STATE.settled)

export function cancellableUntil(sale: ModelSale, one: ModelCommitment): number {
  return Math.max(sale.closesAt - CANCEL_BEFORE_CLOSE, one.committedAt + sale.coolingOff)
}

/** Cancelled and withdrawn commitments count too: nobody looks for the newest that is left. */
export function finalizableAt(model: Model, sale: ModelSale): number {
  const made = model.commitments.filter((each) => each.projectId === sale.projectId)
  return Math.max(sale.closesAt, ...made.map((each) => each.committedAt + sale.coolingOff))
}

export function mayCommit(model: Model, sale: ModelSale, buyer: string, units: number, fiat: boolean, now: number): Verdict {
  if (sale.state !== SALE_STATE.open) return 'WrongSaleState'
  if (now < sale.opensAt || now >= sale.closesAt) return 'OutsideOpeningPeriod'
  if (units === 0) return 'ZeroUnits'
  if (!model.eligible.has(buyer)) return 'BuyerNotEligible'
  if (unitsOf(open(model, sale)) + units > sale.hardCap) return 'HardCapExceeded'
  const fiatUnits = unitsOf(open(model, sale).filter((each) => each.fiat))
  if (fiat && fiatUnits + units > sale.maxFiat) return 'FiatLimitExceeded'
  const theirs = unitsOf(open(model, sale).filter((each) => each.buyer === buyer))
  return sale.perInvestor !== 0 && theirs + units > sale.perInvestor ? 'InvestorLimitExceeded' : null
}

export function mayCancel(model: Model, one: ModelCommitment, caller: string, now: number): Verdict {
  const sale = model.sales.get(one.projectId)!
  if (one.state !== COMMITMENT_STATE.open) return 'CommitmentNotOpen'
  if (one.buyer !== caller) return 'NotTheBuyer'
  if (one.fiat) return 'WrongMethod'
  if (sale.state !== SALE_STATE.open) return 'WrongSaleState'
  if (now >= cancellableUntil(sale, one)) return 'CancellationOver'
  return mayBePaid(model, one)
}

export function mayWithdrawFiat(one: ModelCommitment): Verdict {
  if (one.state !== COMMITMENT_STATE.open) return 'CommitmentNotOpen'
  return one.fiat ? null : 'WrongMethod'
}

export function mayCloseEarly(model: Model, sale: ModelSale, closesAt: number, now: number): Verdict {
  if (sale.state !== SALE_STATE.open) return 'WrongSaleState'
  if (unitsOf(open(model, sale)) < sale.target) return 'TargetNotReached'
  const tooEarly = closesAt < sale.opensAt + MIN_OPEN || closesAt < now + NOTICE
  return tooEarly || closesAt >= sale.closesAt ? 'InvalidClose' : null
}

export function mayFinalize(model: Model, sale: ModelSale, now: number): Verdict {
  if (sale.state !== SALE_STATE.open) return 'WrongSaleState'
  return now < finalizableAt(model, sale) ? 'TooEarlyToFinalize' : null
}

/** Decides the sale, or lets its early close lapse. */
export function finalize(model: Model, sale: ModelSale, now: number): void {
  const success = unitsOf(open(model, sale)) >= sale.target
  if (!success) sale.closesAt = sale.lastClose
  if (!success && now < finalizableAt(model, sale)) return
  sale.state = success ? SALE_STATE.succeeded : SALE_STATE.failed
  sale.finalizedAt = now
}

export function mayRefund(model: Model, one: ModelCommitment, now: number): Verdict {
  const sale = model.sales.get(one.projectId)!
  if (one.state !== COMMITMENT_STATE.open) return 'CommitmentNotOpen'
  const due = sale.state === SALE_STATE.failed || (sale.state === SALE_STATE.succeeded && now >= sale.finalizedAt + GRACE)
  return due ? mayBePaid(model, one) : 'NotRefundable'
}

export function paidTo(model: Model, one: ModelCommitment): string {
  return model.refundTo.get(one.buyer) ?? one.buyer
}

function mayBePaid(model: Model, one: ModelCommitment): Verdict {
  return !one.fiat && model.blocked.has(paidTo(model, one)) ? 'Blocked' : null
}
