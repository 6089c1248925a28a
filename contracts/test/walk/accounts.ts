import { FLAG, ZERO } from '../fixture.ts'
import { current, hadNone, totalOf } from './locks.ts'
import {
  type Account,
  accountOf,
  change,
  emit,
  holdingOf,
  isFresh,
  type Locks,
  type Model,
  NO_LOCKS,
  projectOf,
  put,
  Refusal,
  setBalance,
  today,
} from './model.ts'
import { dueOf, lastOf } from './money.ts'
import { callReceiver } from './moves.ts'
import { requireNotExiting } from './rules.ts'

/** Accounts, wallets that take the place of others, and the registrar that checks who may write them. */

export interface Attestation {
  account: string
  record: Account
  issuedAt: number
  deadline: number
  replaces: string
  attestor: string
  digest: string
}
const KNOWN_FLAGS = 15
const DAY = 86_400

export function setAccount(model: Model, address: string, record: Account): void {
  if (address === ZERO) throw new Refusal('ERC1155InvalidReceiver', ZERO)
  if (record.flags > KNOWN_FLAGS) throw new Refusal('InvalidFlags', record.flags)
  if (isRetired(model, address)) throw new Refusal('AccountRetired', address)
  write(model, address, record)
}

export function relinkWallet(model: Model, from: string, to: string, record: Account): void {
  const [old, present] = [accountOf(model, from), accountOf(model, to)]
  if (isRetired(model, from)) throw new Refusal('AccountRetired', from)
  if (isRetired(model, to)) throw new Refusal('AccountRetired', to)
  if (record.flags > KNOWN_FLAGS) throw new Refusal('InvalidFlags', record.flags)
  const isAnothers = old.investorId !== record.investorId || (present.investorId !== 0 && present.investorId !== record.investorId)
  const wasFrozen = ((old.flags | present.flags) & FLAG.frozen) !== 0
  const isWayOut = wasFrozen && !(record.flags & FLAG.frozen)
  if (from === to || to === ZERO || old.investorId === 0 || isAnothers || !(record.flags & FLAG.receive) || isWayOut) {
    throw new Refusal('InvalidRelink', from, to)
  }
  write(model, from, { ...old, flags: FLAG.retired })
  write(model, to, record)
  put(model, model.successors, from, to)
  emit(model, 'WalletRelinked', record.investorId, from, to)
}

export function moveHoldings(model: Model, caller: string, from: string, projectIds: number[]): void {
  if (!model.successors.has(from)) throw new Refusal('InvalidRelink', from, ZERO)
  const line = [from]
  while (model.successors.has(line.at(-1)!)) line.push(model.successors.get(line.at(-1)!)!)
  const last = line.pop()!
  for (const projectId of projectIds) for (const wallet of line) moveHolding(model, caller, projectId, wallet, last)
}

export function register(model: Model, attestation: Attestation): void {
  const { account, record, issuedAt, replaces } = attestation
  if (replaces !== ZERO) throw new Refusal('WrongPurpose', replaces)
  requireUsable(model, attestation)
  const { investorId } = record
  const present = accountOf(model, account)
  if (present.investorId !== 0 && present.investorId !== investorId) throw new Refusal('InvalidAccount', account)
  const standing = model.standings.get(investorId)
  if (standing?.active) {
    if (!isActive(model, account, investorId)) throw new Refusal('InvestorHasOtherWallet', investorId, account)
    if (issuedAt === standing.issuedAt && JSON.stringify(present) === JSON.stringify(record)) return
  }
  note(model, attestation)
  setAccount(model, account, record)
  emit(model, 'AttestationUsed', attestation.attestor, attestation.digest)
}

export function relink(model: Model, registrar: string, attestation: Attestation, projectIds: number[]): void {
  const { account, record, issuedAt, replaces } = attestation
  if (replaces === ZERO) throw new Refusal('WrongPurpose', ZERO)
  requireUsable(model, attestation)
  const { investorId } = record
  const standing = model.standings.get(investorId)
  if (issuedAt === (standing?.issuedAt ?? 0) && model.successors.get(replaces) === account) return
  if (accountOf(model, replaces).investorId !== investorId) throw new Refusal('InvalidAccount', replaces)
  if (standing?.active && !isActive(model, replaces, investorId) && !isActive(model, account, investorId)) {
    throw new Refusal('InvestorHasOtherWallet', investorId, account)
  }
  note(model, attestation)
  relinkWallet(model, replaces, account, record)
  if (projectIds.length > 0) moveHoldings(model, registrar, replaces, projectIds)
  emit(model, 'AttestationUsed', attestation.attestor, attestation.digest)
}

export function revoke(model: Model, address: string): void {
  const present = accountOf(model, address)
  const { investorId } = present
  if (investorId === 0 || !isActive(model, address, investorId)) throw new Refusal('AccountNotActive', address)
  const issuedAt = Math.max(model.now, model.standings.get(investorId)?.issuedAt ?? 0)
  put(model, model.standings, investorId, { issuedAt, active: false })
  setAccount(model, address, { flags: present.flags & FLAG.frozen, expiry: 0, country: 0, class: 0, investorId })
  emit(model, 'AccountRevoked', investorId, address, issuedAt)
}

export const isRetired = (model: Model, address: string) => (accountOf(model, address).flags & FLAG.retired) !== 0

export function isActive(model: Model, address: string, investorId: number): boolean {
  const account = accountOf(model, address)
  return account.investorId === investorId && account.expiry !== 0 && !isRetired(model, address)
}

function write(model: Model, address: string, record: Account): void {
  put(model, model.accounts, address, record)
  emit(model, 'AccountSet', address, record.flags, record.expiry, record.country, record.class, record.investorId)
}

function note(model: Model, { account, record, issuedAt }: Attestation): void {
  if (issuedAt <= (model.standings.get(record.investorId)?.issuedAt ?? 0)) throw new Refusal('AttestationOutdated', account, issuedAt)
  put(model, model.standings, record.investorId, { issuedAt, active: true })
  emit(model, 'AccountAttested', record.investorId, account, issuedAt)
}

function requireUsable(model: Model, { account, record, issuedAt, deadline }: Attestation): void {
  if (model.now > deadline) throw new Refusal('AttestationExpired', deadline)
  if (issuedAt > model.now + DAY) throw new Refusal('AttestationNotIssuedYet', issuedAt)
  if (account === ZERO) throw new Refusal('InvalidAccount', account)
  if (record.investorId === 0 || record.expiry === 0 || record.flags > KNOWN_FLAGS) throw new Refusal('MalformedAttestation', account)
}

/** Everything of the position goes: units, lots with their dates, what is frozen, what is due. A position that the exit took stays as the
 * measure of what it earned, and only what is due goes; the same when the exit took that of the new wallet. */
function moveHolding(model: Model, caller: string, projectId: number, from: string, to: string): void {
  const sender = holdingOf(model, projectId, from)
  if (isFresh(model, projectId, from) || sender.moved) return
  const carried = dueOf(model, projectId, from)
  const receiver = holdingOf(model, projectId, to)
  const units = sender.balance
  if (units !== 0) requireNotExiting(model, projectId)
  if (!sender.exited && !receiver.exited) {
    change(model, projectId, to, { locks: joined(model, projectId, from, to), frozen: receiver.frozen + sender.frozen })
    if (sender.frozen !== 0) {
      emit(model, 'Frozen', from, projectId, 0)
      emit(model, 'Frozen', to, projectId, receiver.frozen + sender.frozen)
    }
    const project = projectOf(model, projectId)
    setBalance(model, project, from, 0)
    setBalance(model, project, to, receiver.balance + units)
    change(model, projectId, from, { locks: NO_LOCKS, frozen: 0 })
  }
  change(model, projectId, to, { carried: receiver.carried + carried })
  change(model, projectId, from, { carried: 0n, owed: 0n, claimed: lastOf(model, projectId, from), moved: true })
  const { locks } = holdingOf(model, projectId, to)
  if (units !== 0) emit(model, 'TransferSingle', caller, from, to, projectId, units)
  emit(model, 'HoldingMoved', projectId, from, to, units, totalOf(locks), locks.until, carried)
  if (units !== 0) callReceiver(model, to)
}

/** Two sets of lots can be joined only where one wallet never had any, or nothing is locked in one of them. */
function joined(model: Model, projectId: number, from: string, to: string): Locks {
  const [mine, theirs] = [holdingOf(model, projectId, from).locks, holdingOf(model, projectId, to).locks]
  if (hadNone(mine)) return theirs
  if (hadNone(theirs)) return mine
  const day = today(model)
  const [now, then] = [current(mine, day), current(theirs, day)]
  if (totalOf(now) !== 0 && totalOf(then) !== 0) throw new Refusal('LockupsCollide', projectId, from, to)
  const running = totalOf(now) === 0 ? then : now
  const watermark = Math.max(day, now.watermark, then.watermark)
  const named = new Map([...running.named].filter(([id]) => model.lots.get(id)!.day > watermark))
  const loose = totalOf(running) - totalOf({ ...NO_LOCKS, named })
  return { named, loose, until: running.until, watermark }
}
