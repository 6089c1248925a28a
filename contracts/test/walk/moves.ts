import { CODE, LOT, ZERO, ZERO_HASH } from '../fixture.ts'
import { blurred, current, lockedOn, totalOf, withLot, withoutLot } from './locks.ts'
import {
  attempt,
  change,
  emit,
  holderOfLot,
  holdingOf,
  isFull,
  type Lot,
  type Model,
  projectOf,
  put,
  Refusal,
  setBalance,
  today,
} from './model.ts'
import { codeOfParties, codeOfUnits, refusalOf, requireNotExiting, requireReceiver } from './rules.ts'

/** Moves of units: by holders, by an enforcer, lot by lot, and back out of existence. */

export type Entry = readonly [projectId: number, units: number]

export function transfer(model: Model, operator: string, from: string, to: string, [projectId, units]: Entry): void {
  requireAuthorised(model, operator, from, to)
  transferOne(model, operator, from, to, projectId, units)
  emit(model, 'TransferSingle', operator, from, to, projectId, units)
  callReceiver(model, to)
}

/** The same as its entries one after the other, but for one event and one call of the receiver. */
export function transferBatch(model: Model, operator: string, from: string, to: string, entries: readonly Entry[]): void {
  requireAuthorised(model, operator, from, to)
  for (const [projectId, units] of entries) transferOne(model, operator, from, to, projectId, units)
  emit(
    model,
    'TransferBatch',
    operator,
    from,
    to,
    entries.map(([id]) => id),
    entries.map(([, units]) => units),
  )
  callArmed(model, to)
}

export function setFrozen(model: Model, address: string, projectId: number, units: number): void {
  requireNotExiting(model, projectId)
  change(model, projectId, address, { frozen: units })
  emit(model, 'Frozen', address, projectId, units)
}

export function forcedTransfer(model: Model, officer: string, from: string, to: string, projectId: number, units: number): void {
  if (from === to) throw new Refusal('SelfForcedTransfer')
  if (units === 0) throw new Refusal('ZeroUnits', ZERO_HASH)
  take(model, officer, from, to, projectId, units)
  emit(model, 'ForcedTransfer', from, to, projectId, units)
  callReceiver(model, to)
}

export function transferLots(model: Model, officer: string, ids: string[], to: string, reason: string): void {
  for (const id of ids) {
    const lot = lotOf(model, id)
    const from = holderOfLot(model, lot)
    if (from === to) throw new Refusal('SelfForcedTransfer')
    const { locks } = holdingOf(model, lot.projectId, from)
    const isNamed = locks.named.has(id)
    if (isNamed) change(model, lot.projectId, from, { locks: withoutLot(locks, id) })
    take(model, officer, from, to, lot.projectId, lot.units)
    const isLocked = isNamed && lot.day > today(model)
    put(model, model.lots, id, { ...lot, placed: to, state: isLocked ? lot.state : LOT.released })
    if (isLocked) lock(model, lot.projectId, to, id, lot.units, lot.day)
    emit(model, 'LotMoved', id, from, to, lot.units, reason)
    emit(model, 'ForcedTransfer', from, to, lot.projectId, lot.units)
    callReceiver(model, to)
  }
}

export function release(model: Model, ids: string[]): void {
  for (const id of ids) {
    const lot = lotOf(model, id)
    if (lot.day > today(model)) throw new Refusal('LotStillLocked', id, lot.day)
    const holder = holderOfLot(model, lot)
    const { locks } = holdingOf(model, lot.projectId, holder)
    if (!locks.named.has(id)) continue
    change(model, lot.projectId, holder, { locks: withoutLot(locks, id) })
    put(model, model.lots, id, { ...lot, state: LOT.released })
    emit(model, 'LotReleased', id, lot.projectId, holder, lot.units)
  }
}

export function reverse(model: Model, officer: string, id: string, reason: string): void {
  const lot = lotOf(model, id)
  const { projectId, units } = lot
  const holder = holderOfLot(model, lot)
  requireNotExiting(model, projectId)
  unfreeze(model, holder, projectId, units)
  const before = holdingOf(model, projectId, holder)
  const locks = withoutLot(before.locks, id)
  const left = before.balance - units
  setBalance(model, projectOf(model, projectId), holder, left)
  change(model, projectId, holder, { locks: totalOf(locks) > left ? blurred(locks, left) : locks })
  put(model, model.lots, id, { ...lot, state: LOT.reversed })
  emit(model, 'TransferSingle', officer, holder, ZERO, projectId, units)
  emit(model, 'InvestmentReversed', id, projectId, holder, units, reason)
}

export function lock(model: Model, projectId: number, address: string, id: string | null, units: number, day: number): void {
  change(model, projectId, address, { locks: withLot(holdingOf(model, projectId, address).locks, id, units, day, today(model)) })
}

export function callReceiver(model: Model, to: string): void {
  if (model.refusing.has(to)) throw new Refusal('NoThanks')
  callArmed(model, to)
}

/** What a receiver does in the middle of it stands or falls by itself. */
export function callArmed(model: Model, to: string): void {
  const deed = model.armed.get(to)
  if (deed) attempt(model, deed)
}

export function movableOf(model: Model, projectId: number, address: string): number {
  const { balance, frozen, locks } = holdingOf(model, projectId, address)
  return Math.max(0, balance - Math.max(frozen, lockedOn(locks, today(model))))
}

function requireAuthorised(model: Model, operator: string, from: string, to: string): void {
  if (to === ZERO) throw new Refusal('ERC1155InvalidReceiver', ZERO)
  if (operator !== from && !model.approvals.get(`${from} ${operator}`)) throw new Refusal('ERC1155MissingApprovalForAll', operator, from)
}

function transferOne(model: Model, operator: string, from: string, to: string, projectId: number, units: number): void {
  const code = codeOfParties(model, operator, from, to) || codeOfUnits(model, from, to, projectId, units)
  if (code !== CODE.ok) throw refusalOf(model, code, from, to, projectId, units)
  const { balance } = holdingOf(model, projectId, from)
  if (units > balance) throw new Refusal('ERC1155InsufficientBalance', from, balance, units, projectId)
  if (units !== 0 && from !== to) carryOut(model, from, to, projectId, units)
}

/** Free units go first; locked ones take their last day along. */
function carryOut(model: Model, from: string, to: string, projectId: number, units: number): void {
  const sender = holdingOf(model, projectId, from)
  const locks = current(sender.locks, today(model))
  const carried = units - (sender.balance - totalOf(locks))
  change(model, projectId, from, { locks })
  if (totalOf(locks) !== 0 && carried > 0) {
    emit(model, 'LockCarried', projectId, from, to, carried, locks.until)
    change(model, projectId, from, { locks: blurred(locks, totalOf(locks) - carried) })
    lock(model, projectId, to, null, carried, locks.until)
  }
  const project = projectOf(model, projectId)
  setBalance(model, project, from, sender.balance - units)
  setBalance(model, project, to, holdingOf(model, projectId, to).balance + units)
}

function take(model: Model, officer: string, from: string, to: string, projectId: number, units: number): void {
  requireNotExiting(model, projectId)
  requireReceiver(model, to)
  unfreeze(model, from, projectId, units)
  const project = projectOf(model, projectId)
  const leaves = holdingOf(model, projectId, from).balance === units
  if (holdingOf(model, projectId, to).balance === 0 && !leaves && isFull(model, project)) {
    throw new Refusal('TransferRestricted', CODE.holderCap, from, to, projectId, units, project.maxHolders)
  }
  carryOut(model, from, to, projectId, units)
  emit(model, 'TransferSingle', officer, from, to, projectId, units)
}

function unfreeze(model: Model, address: string, projectId: number, units: number): void {
  const { balance, frozen } = holdingOf(model, projectId, address)
  if (units > balance) throw new Refusal('ERC1155InsufficientBalance', address, balance, units, projectId)
  if (frozen === 0 || units <= Math.max(0, balance - frozen)) return
  change(model, projectId, address, { frozen: balance - units })
  emit(model, 'Frozen', address, projectId, balance - units)
}

function lotOf(model: Model, id: string): Lot {
  const lot = model.lots.get(id)
  if (!lot) throw new Refusal('UnknownInvestment', id)
  if (lot.state === LOT.reversed) throw new Refusal('InvestmentIsReversed', id)
  return lot
}
