import { ROLE, STATE, ZERO } from '../fixture.ts'
import { requireRole } from './mints.ts'
import {
  change,
  cumulativeOf,
  emit,
  holdingOf,
  isPaused,
  type Model,
  type Project,
  projectOf,
  put,
  Refusal,
  setBalance,
  supplyOf,
} from './model.ts'
import { addEpoch, distribute, type Payout } from './money.ts'
import { callArmed } from './moves.ts'

/** The life of a project: creation, states, settings, exit. */

export interface Terms {
  cap: number
  maxHolders: number
  maxHolderBps: number
  lockDays: number
  dailyMintCap: number
  payoutToken: string
  treasury: string
  exitTargetPerUnit: bigint
  buyOutPerUnit: bigint
  metadataHash: string
  uri: string
}
export const NO_HASH = `0x${'0'.repeat(64)}`
const SCALE = 1n << 64n
const PLAIN_EDGES = ['1-3', '1-8', '3-4', '4-3']
const SALE_EDGES = ['1-2', '2-3', '2-8']

export function createProject(model: Model, projectId: number, terms: Terms): void {
  if (model.projects.has(projectId)) throw new Refusal('ProjectAlreadyExists', projectId)
  const { cap, dailyMintCap, maxHolderBps, payoutToken } = terms
  const most = cap * maxHolderBps
  const wrong = [
    ['projectId', projectId === 0],
    ['cap', cap === 0],
    ['dailyMintCap', dailyMintCap === 0],
    ['maxHolderBps', maxHolderBps > 10_000 || (most !== 0 && most < 10_000)],
    ['payoutToken', !model.allowedTokens.has(payoutToken)],
    ['treasury', model.roles.get(terms.treasury) === ROLE.vault],
  ].find(([, isWrong]) => isWrong)
  if (wrong) throw new Refusal('InvalidTerms', wrong[0])
  const own = { rules: ZERO, blocked: [], metadataVersion: 0, metadataFrozen: false, epoch: 0, mintEpoch: 0, exit: null }
  put(model, model.projects, projectId, { id: projectId, state: STATE.draft, ...terms, ...own })
  emit(model, 'ProjectCreated', projectId, Object.values(terms))
  emit(model, 'ProjectStateChanged', projectId, STATE.draft, NO_HASH)
  setMetadata(model, projectId, terms.metadataHash, terms.uri)
}

export function setProjectState(model: Model, projectId: number, state: number, reason: string, bySale: boolean): void {
  const from = projectOf(model, projectId).state
  if (!(bySale ? SALE_EDGES : PLAIN_EDGES).includes(`${from}-${state}`)) throw new Refusal('InvalidStateChange', projectId, from, state)
  changeState(model, projectId, from, state, reason)
}

export function setDailyMintCap(model: Model, projectId: number, units: number): void {
  set(model, projectId, { dailyMintCap: units })
  emit(model, 'DailyMintCapSet', projectId, units)
}

export function setRules(model: Model, projectId: number, rules: string): void {
  projectOf(model, projectId)
  if (rules !== ZERO && !model.rules.has(rules)) throw new Refusal('InvalidRules', rules)
  set(model, projectId, { rules })
  emit(model, 'RulesSet', projectId, rules)
}

export function setBlockedCountries(model: Model, projectId: number, blocked: number[]): void {
  set(model, projectId, { blocked })
  emit(model, 'CountriesSet', projectId, wordsOf(blocked))
}

export function setMetadata(model: Model, projectId: number, metadataHash: string, uri: string): void {
  const project = projectOf(model, projectId)
  if (metadataHash === NO_HASH) throw new Refusal('InvalidTerms', 'metadataHash')
  if (uri === '') throw new Refusal('InvalidTerms', 'uri')
  requireNotFrozen(project)
  const metadataVersion = project.metadataVersion + 1
  set(model, projectId, { metadataHash, uri, metadataVersion })
  emit(model, 'MetadataSet', projectId, metadataVersion, metadataHash, uri)
  emit(model, 'URI', uri, projectId)
}

export function freezeMetadata(model: Model, projectId: number): void {
  const project = projectOf(model, projectId)
  requireNotFrozen(project)
  set(model, projectId, { metadataFrozen: true })
  emit(model, 'MetadataFrozen', projectId, project.metadataVersion)
}

export function announceExit(model: Model, projectId: number, dao: string, notBefore: number, notice: number): void {
  if (notBefore < model.now + notice) throw new Refusal('NoticeTooShort', notBefore, model.now + notice)
  changeState(model, projectId, STATE.active, STATE.exitAnnounced)
  set(model, projectId, { exit: { dao, notBefore, epoch: 0 } })
  emit(model, 'ExitAnnounced', projectId, dao, notBefore)
  requireDao(model, dao)
}

export function cancelExit(model: Model, projectId: number): void {
  changeState(model, projectId, STATE.exitAnnounced, STATE.active)
  set(model, projectId, { exit: null })
  emit(model, 'ExitCancelled', projectId)
}

export function beginExit(model: Model, projectId: number): void {
  const { epoch, mintEpoch, exitTargetPerUnit } = projectOf(model, projectId)
  const before = model.epochs.get(projectId)?.[mintEpoch - 1]?.cumulative ?? 0n
  begin(model, projectId, (cumulativeOf(model, projectId) - before + BigInt(epoch - mintEpoch)) / SCALE, exitTargetPerUnit)
}

/** A distribution that pays the price, and the exit with it. Without a price nothing is enough. */
export function buyOut(model: Model, treasurer: string, vault: string, payout: Payout): void {
  distribute(model, treasurer, vault, payout)
  const { buyOutPerUnit } = projectOf(model, payout.projectId)
  const paid = (payout.amount * SCALE) / BigInt(supplyOf(model, payout.projectId))
  // Taken back by whoever takes the call back, and below.
  put(model, model.settings, 'vaultBusy', true)
  begin(model, payout.projectId, (paid + 1n) / SCALE, buyOutPerUnit === 0n ? (1n << 256n) - 1n : buyOutPerUnit)
  put(model, model.settings, 'vaultBusy', false)
}

export function exitBatch(model: Model, caller: string, projectId: number, holders: string[]): void {
  if (isPaused(model)) throw new Refusal('EnforcedPause')
  const { state, exit } = model.projects.get(projectId) ?? { state: STATE.none, exit: null }
  if (state !== STATE.exiting) throw new Refusal('WrongState', projectId, state)
  const project = projectOf(model, projectId)
  const { dao } = exit!
  const moved: [string, number][] = []
  for (const holder of holders) {
    const { balance, frozen } = holdingOf(model, projectId, holder)
    if (balance === 0 || holder === dao) continue
    if (frozen !== 0) emit(model, 'Frozen', holder, projectId, 0)
    change(model, projectId, holder, { balance: 0, frozen: 0, exited: true })
    moved.push([holder, balance])
  }
  if (moved.length === 0) return
  const units = moved.reduce((sum, [, balance]) => sum + balance, 0)
  const { balance } = holdingOf(model, projectId, dao)
  setBalance(model, project, dao, balance + units)
  emit(model, 'ExitBatch', projectId, moved.length, units, supplyOf(model, projectId) - balance - units)
  for (const [holder, amount] of moved) {
    emit(model, 'TransferSingle', caller, holder, dao, projectId, amount)
    callArmed(model, dao)
  }
}

export function finalizeExit(model: Model, projectId: number): void {
  changeState(model, projectId, STATE.exiting, STATE.exited)
  const { dao } = projectOf(model, projectId).exit!
  const supply = supplyOf(model, projectId)
  const remaining = supply - holdingOf(model, projectId, dao).balance
  if (remaining !== 0) throw new Refusal('ExitIncomplete', projectId, remaining)
  emit(model, 'ProjectExited', projectId, dao, supply)
}

export function setRole(model: Model, address: string, role: number): void {
  if (role === ROLE.vault || model.roles.get(address) === ROLE.vault) throw new Refusal('VaultIsFixed', address)
  put(model, model.roles, address, role)
  emit(model, 'RoleSet', address, role)
}

export function setPaused(model: Model, officer: string, paused: boolean): void {
  put(model, model.settings, 'paused', paused)
  emit(model, paused ? 'Paused' : 'Unpaused', officer)
}

export function setSaleState(model: Model, seller: string, projectId: number, state: number): void {
  requireRole(model, seller, ROLE.sale)
  setProjectState(model, projectId, state, NO_HASH, true)
}

export function wordsOf(blocked: number[]): bigint[] {
  const words = [0n, 0n, 0n, 0n]
  for (const country of blocked) words[country >> 8]! |= 1n << BigInt(country & 255)
  return words
}

function begin(model: Model, projectId: number, have: bigint, need: bigint): void {
  changeState(model, projectId, STATE.exitAnnounced, STATE.exiting)
  const exit = projectOf(model, projectId).exit!
  if (model.now < exit.notBefore) throw new Refusal('NoticeRunning', projectId, exit.notBefore)
  if (have < need) throw new Refusal('ExitTargetNotMet', projectId, have, need)
  const epoch = addEpoch(model, projectId, 0n)
  set(model, projectId, { exit: { ...exit, epoch } })
  emit(model, 'ExitBegun', projectId, exit.dao, epoch)
  requireDao(model, exit.dao)
}

function requireDao(model: Model, dao: string): void {
  if (!model.contracts.has(dao) || model.refusing.has(dao)) throw new Refusal('DaoCannotReceive', dao)
  callArmed(model, dao)
}

function changeState(model: Model, projectId: number, from: number, to: number, reason: string = NO_HASH): void {
  const present = projectOf(model, projectId).state
  if (present !== from) throw new Refusal('InvalidStateChange', projectId, present, to)
  set(model, projectId, { state: to })
  emit(model, 'ProjectStateChanged', projectId, to, reason)
}

function set(model: Model, projectId: number, changes: Partial<Project>): void {
  put(model, model.projects, projectId, { ...projectOf(model, projectId), ...changes })
}

function requireNotFrozen(project: Project): void {
  if (project.metadataFrozen) throw new Refusal('MetadataIsFrozen', project.id, project.metadataVersion)
}
