import { CODE, LOT, ROLE, ZERO } from '../fixture.ts'
import { attempt, emit, holdingOf, type Lot, type Model, projectOf, put, Refusal, setBalance, today } from './model.ts'
import { callReceiver, lock } from './moves.ts'
import { codeOf, refusalOf } from './rules.ts'

/** One investment, one mint. */

export interface Asked {
  id: string
  investor: string
  units: number
  day: number
}
/** What the voucher is: by whom, and until when. */
export interface Signed {
  signer: string
  deadline: number
  isForThis: boolean
}

export function mintOne(model: Model, minter: string, projectId: number, asked: Asked, signed: Signed): void {
  requireRole(model, minter, ROLE.minter)
  if (isReplay(model, projectId, asked)) return
  requireVoucher(model, signed)
  let code = codeOf(model, ZERO, ZERO, asked.investor, projectId, asked.units)
  const spent = mintedToday(model, projectId) + asked.units
  if (code === CODE.ok && spent > projectOf(model, projectId).dailyMintCap) code = CODE.dailyMintCap
  if (code !== CODE.ok) throw refusalOf(model, code, ZERO, asked.investor, projectId, asked.units)
  put(model, model.minted, projectId, { day: today(model), units: spent })
  mint(model, minter, projectId, asked)
}

export function mintMany(model: Model, minter: string, projectId: number, list: Asked[], signed: Signed): void {
  requireRole(model, minter, ROLE.minter)
  requireVoucher(model, signed)
  const before = mintedToday(model, projectId)
  const cap = model.projects.get(projectId)?.dailyMintCap ?? 0
  const minted = mintEach(model, minter, projectId, list, Math.max(0, cap - before))
  if (minted > 0) put(model, model.minted, projectId, { day: today(model), units: before + minted })
}

/** For what the sale has the money of: no voucher, no daily cap. */
export function mintSettled(model: Model, seller: string, projectId: number, list: Asked[]): void {
  requireRole(model, seller, ROLE.sale)
  mintEach(model, seller, projectId, list, Number.POSITIVE_INFINITY)
}

export function requireRole(model: Model, address: string, role: number): void {
  if (model.roles.get(address) !== role) throw new Refusal('MissingRole', address, role)
}

export function mintedToday(model: Model, projectId: number): number {
  const minted = model.minted.get(projectId)
  return minted?.day === today(model) ? minted.units : 0
}

function mintEach(model: Model, operator: string, projectId: number, list: Asked[], budget: number): number {
  let minted = 0
  for (const asked of list) {
    if (isReplay(model, projectId, asked)) continue
    let code = codeOf(model, ZERO, ZERO, asked.investor, projectId, asked.units)
    if (code === CODE.ok && minted + asked.units > budget) code = CODE.dailyMintCap
    if (code === CODE.ok && attempt(model, () => mint(model, operator, projectId, asked))) code = CODE.receiverRefuses
    if (code === CODE.ok) minted += asked.units
    else emit(model, 'InvestmentSkipped', asked.id, projectId, code)
  }
  return minted
}

function isReplay(model: Model, projectId: number, { id, investor, units, day }: Asked): boolean {
  if (BigInt(id) === 0n) throw new Refusal('InvalidInvestmentId')
  if (units === 0) throw new Refusal('ZeroUnits', id)
  const seen = model.lots.get(id)
  if (!seen) return false
  if (seen.investor !== investor || seen.units !== units || seen.projectId !== projectId || seen.day !== day) {
    throw new Refusal('InvestmentConflict', id)
  }
  return true
}

function requireVoucher(model: Model, { signer, deadline, isForThis }: Signed): void {
  if (model.now > deadline) throw new Refusal('SignatureExpired', deadline)
  if (!isForThis || model.roles.get(signer) !== ROLE.paymentAttestor) throw new Refusal('InvalidVoucher')
}

function mint(model: Model, operator: string, projectId: number, { id, investor, units, day }: Asked): void {
  const isOver = day !== 0 && day <= today(model)
  const lot: Lot = { id, projectId, investor, units, day, placed: investor, state: isOver ? LOT.released : LOT.open }
  put(model, model.lots, id, lot)
  setBalance(model, projectOf(model, projectId), investor, holdingOf(model, projectId, investor).balance + units)
  const project = projectOf(model, projectId)
  put(model, model.projects, projectId, { ...project, mintEpoch: project.epoch })
  if (day > today(model)) lock(model, projectId, investor, id, units, day)
  emit(model, 'TransferSingle', operator, ZERO, investor, projectId, units)
  emit(model, 'InvestmentMinted', id, projectId, investor, units, day)
  callReceiver(model, investor)
}
