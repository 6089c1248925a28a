import { CODE, FLAG, STATE, ZERO } from '../fixture.ts'
import { lockedOn } from './locks.ts'
import { accountOf, holdingOf, isFull, isPaused, type Model, type Project, projectOf, Refusal, supplyOf, today } from './model.ts'

/** Which code a move gets, and what it is refused with. `from` zero is a mint. */

export const canSend = (model: Model, address: string) => sendCode(model, address) === CODE.ok
export const canReceive = (model: Model, address: string) => receiveCode(model, address) === CODE.ok

export function codeOf(model: Model, operator: string, from: string, to: string, projectId: number, units: number): number {
  return codeOfParties(model, operator, from, to) || codeOfUnits(model, from, to, projectId, units)
}

export function codeOfParties(model: Model, operator: string, from: string, to: string): number {
  if (isPaused(model)) return CODE.paused
  const code = (from === ZERO ? CODE.ok : sendCode(model, from)) || receiveCode(model, to)
  if (code !== CODE.ok) return code
  return operator !== from && from !== ZERO && accountOf(model, operator).flags & FLAG.frozen ? CODE.operatorBlocked : CODE.ok
}

export function codeOfUnits(model: Model, from: string, to: string, projectId: number, units: number): number {
  const project = model.projects.get(projectId)
  const isMint = from === ZERO
  const isOpen = project?.state === STATE.active || (!isMint && project?.state === STATE.exitAnnounced)
  if (!project || !isOpen) return project?.state === STATE.exiting ? CODE.exitRunning : CODE.projectState
  if (isMint) {
    if (units > project.cap - supplyOf(model, projectId)) return CODE.supplyCap
  } else {
    const { balance, frozen, locks } = holdingOf(model, projectId, from)
    const locked = lockedOn(locks, today(model))
    if (frozen !== 0 && units > Math.max(0, balance - frozen)) return CODE.frozen
    const isExempt = accountOf(model, to).flags & FLAG.lockExempt
    if (locked !== 0 && units > Math.max(0, balance - locked) && !isExempt) return CODE.locked
  }
  const has = holdingOf(model, projectId, to).balance
  const isMove = units !== 0 && from !== to
  const leaves = !isMint && units === holdingOf(model, projectId, from).balance
  if (has === 0 && isMove && !leaves && isFull(model, project)) return CODE.holderCap
  if (project.maxHolderBps !== 0 && isMove && has + units > mostOf(project)) return CODE.maxBalance
  if (project.blocked.includes(accountOf(model, to).country)) return CODE.country
  // More than the bitmap has room for belongs to no country.
  if (project.blocked.length > 0 && accountOf(model, to).country >= 1024) return CODE.country
  return project.rules === ZERO ? CODE.ok : model.rules.get(project.rules)!(units)
}

/** The refusal that a code ends in, with the number that the rule compares with. */
export function refusalOf(model: Model, code: number, from: string, to: string, projectId: number, units: number): Refusal {
  const sender = holdingOf(model, projectId, from)
  const isOfAccount = ((accountOf(model, from).flags | accountOf(model, to).flags) & FLAG.frozen) !== 0
  if ((code === CODE.frozen || code === CODE.locked) && !isOfAccount) {
    if (units > sender.balance) return new Refusal('ERC1155InsufficientBalance', from, sender.balance, units, projectId)
    if (code === CODE.frozen) {
      const unfrozen = Math.max(0, sender.balance - sender.frozen)
      return new Refusal('ERC7943InsufficientUnfrozenBalance', from, projectId, units, unfrozen)
    }
  }
  return new Refusal('TransferRestricted', code, from, to, projectId, units, limitOf(model, code, from, to, projectId))
}

/** Enforcement asks this alone of the receiver. */
export function requireReceiver(model: Model, to: string): void {
  if (!canReceive(model, to)) throw new Refusal('ERC7943CannotReceive', to)
}

export function requireNotExiting(model: Model, projectId: number): void {
  const { state } = projectOf(model, projectId)
  if (state === STATE.exiting || state === STATE.exited) throw new Refusal('WrongState', projectId, state)
}

function limitOf(model: Model, code: number, from: string, to: string, projectId: number): number {
  const project = model.projects.get(projectId)
  if (code === CODE.projectState || code === CODE.exitRunning) return project?.state ?? STATE.none
  if (code === CODE.receiverExpired) return accountOf(model, to).expiry
  if (code === CODE.locked) return holdingOf(model, projectId, from).locks.until
  if (code === CODE.holderCap) return project!.maxHolders
  if (code === CODE.maxBalance) return mostOf(project!)
  if (code === CODE.country) return accountOf(model, to).country
  if (code === CODE.supplyCap) return project!.cap
  return code === CODE.dailyMintCap ? project!.dailyMintCap : 0
}

function sendCode(model: Model, address: string): number {
  const { flags } = accountOf(model, address)
  if (flags & FLAG.frozen) return CODE.frozen
  return flags & FLAG.send ? CODE.ok : CODE.senderBlocked
}

function receiveCode(model: Model, address: string): number {
  const { flags, expiry } = accountOf(model, address)
  if (flags & FLAG.frozen) return CODE.frozen
  if (!(flags & FLAG.receive)) return CODE.receiverNotEligible
  return expiry < model.now ? CODE.receiverExpired : CODE.ok
}

function mostOf(project: Project): number {
  return Math.floor((project.cap * project.maxHolderBps) / 10_000)
}
