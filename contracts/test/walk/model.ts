import type { Document } from './documents.ts'

/**
 * What the contracts should do, told without packed words, nodes, cleared days or counters: maps, sums over lists, and one full copy of the
 * balances per epoch. It predicts a call's events or its refusal before the call is made, and never reads the chain.
 */

/** A call that reverts, with the error and its arguments. */
export class Refusal extends Error {
  constructor(error: string, ...args: unknown[]) {
    super(show(error, args))
    this.name = 'Refusal'
  }
}

export interface Account {
  flags: number
  expiry: number
  country: number
  class: number
  investorId: number
}
export interface Project {
  id: number
  state: number
  cap: number
  maxHolders: number
  maxHolderBps: number
  lockDays: number
  dailyMintCap: number
  payoutToken: string
  treasury: string
  exitTargetPerUnit: bigint
  buyOutPerUnit: bigint
  rules: string
  blocked: number[]
  metadataVersion: number
  metadataFrozen: boolean
  metadataHash: string
  uri: string
  epoch: number
  /** The newest epoch when units were last minted. */
  mintEpoch: number
  exit: { dao: string; notBefore: number; epoch: number } | null
}
/** Lots that are locked one by one, and locked units of which nobody knows any more of which lot they were. */
export interface Locks {
  named: ReadonlyMap<string, number>
  loose: number
  /** Day on which all of it is free. */
  until: number
  /** Lots with a day up to this one aren't released one by one. */
  watermark: number
}
export interface Holding {
  balance: number
  locks: Locks
  frozen: number
  /** Epoch of the last change of the balance, and up to which everything is paid. */
  changedAt: number
  claimed: number
  /** Earned since, times 2^64; and whole base units taken over from an earlier wallet. */
  owed: bigint
  carried: bigint
  exited: boolean
  moved: boolean
}
export interface Lot {
  id: string
  projectId: number
  investor: string
  units: number
  day: number
  /** Where it was minted, or transferred as a lot. */
  placed: string
  state: number
}
export interface Epoch {
  cumulative: bigint
  supply: number
  amount: bigint
  balances: Map<string, number>
}

export interface Model {
  now: number
  settings: Map<'paused' | 'vaultBusy', boolean>
  projects: Map<number, Project>
  holdings: Map<number, Map<string, Holding>>
  epochs: Map<number, Epoch[]>
  minted: Map<number, { day: number; units: number }>
  lots: Map<string, Lot>
  accounts: Map<string, Account>
  successors: Map<string, string>
  roles: Map<string, number>
  approvals: Map<string, boolean>
  nonces: Map<string, number>
  /** Of the registrar: what was issued last, and whether the investor has an active wallet. */
  standings: Map<number, { issuedAt: number; active: boolean }>
  /** Of the vault. */
  distributions: Map<string, { projectId: number; epoch: number }>
  payoutAddresses: Map<string, string>
  clawbacks: Map<number, { uptoEpoch: number; notBefore: number }>
  attestations: Map<string, { projectId: number; epoch: number; root: string; total: number }>
  allowedTokens: Map<string, boolean>
  /** Token balances that the vault's payments changed, by `token holder`; payees that a token refuses. */
  money: Map<string, bigint>
  refused: Map<string, boolean>
  /** Contracts whose hook refuses single moves. */
  refusing: Set<string>
  /** Contracts that take part as themselves. */
  contracts: Set<string>
  rules: Map<string, (units: number) => number>
  /** What contracts do whenever they are called as receivers. */
  armed: Map<string, () => void>
  /** Of the register of documents, by `project kind`. */
  documents: Map<string, Document[]>
  /** Events that the present call should emit. */
  log: string[]
  undo: (() => void)[]
}

export const NO_LOCKS: Locks = { named: new Map(), loose: 0, until: 0, watermark: 0 }
const NOTHING: Holding = {
  balance: 0,
  locks: NO_LOCKS,
  frozen: 0,
  changedAt: 0,
  claimed: 0,
  owed: 0n,
  carried: 0n,
  exited: false,
  moved: false,
}
const NOBODY: Account = { flags: 0, expiry: 0, country: 0, class: 0, investorId: 0 }

export function emptyModel(now: number): Model {
  const maps = {
    settings: new Map(),
    projects: new Map(),
    holdings: new Map(),
    epochs: new Map(),
    minted: new Map(),
    lots: new Map(),
    accounts: new Map(),
    successors: new Map(),
    roles: new Map(),
    approvals: new Map(),
    nonces: new Map(),
    standings: new Map(),
    distributions: new Map(),
    payoutAddresses: new Map(),
    clawbacks: new Map(),
    attestations: new Map(),
    allowedTokens: new Map(),
    money: new Map(),
    refused: new Map(),
    rules: new Map(),
    armed: new Map(),
    documents: new Map(),
  }
  return { now, ...maps, refusing: new Set(), contracts: new Set(), log: [], undo: [] }
}

/** Writes so that {@link attempt} can take it back. */
export function put<K, V>(model: Model, map: Map<K, V>, key: K, value: V): void {
  const had = map.has(key)
  const old = map.get(key)
  model.undo.push(() => (had ? map.set(key, old as V) : map.delete(key)))
  map.set(key, value)
}

export function emit(model: Model, event: string, ...args: unknown[]): void {
  model.log.push(show(event, args))
}

/** All or nothing, like a call; returns why it was refused. */
export function attempt(model: Model, deed: () => void): Refusal | null {
  const [done, logged] = [model.undo.length, model.log.length]
  try {
    deed()
    return null
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    while (model.undo.length > done) model.undo.pop()!()
    model.log.length = logged
    return error
  }
}

/** How events and errors are compared. */
export function show(name: string, args: readonly unknown[]): string {
  return `${name}(${args.map(String).join(',')})`
}

export const today = (model: Model) => Math.floor(model.now / 86_400)
export const isPaused = (model: Model) => model.settings.get('paused') === true
export const accountOf = (model: Model, address: string) => model.accounts.get(address) ?? NOBODY
export const holdingOf = (model: Model, projectId: number, address: string) => model.holdings.get(projectId)?.get(address) ?? NOTHING
export const holdersOf = (model: Model, projectId: number) =>
  [...(model.holdings.get(projectId) ?? [])].filter(([, holding]) => holding.balance > 0).map(([address]) => address)
export const supplyOf = (model: Model, projectId: number) =>
  [...(model.holdings.get(projectId)?.values() ?? [])].reduce((sum, holding) => sum + holding.balance, 0)
export const isFull = (model: Model, project: Project) =>
  project.maxHolders !== 0 && holdersOf(model, project.id).length >= project.maxHolders
export const cumulativeOf = (model: Model, projectId: number) => model.epochs.get(projectId)?.at(-1)?.cumulative ?? 0n

/** Nothing was ever written of it. */
export function isFresh(model: Model, projectId: number, address: string): boolean {
  const { balance, locks, frozen, changedAt, claimed, carried, exited, moved } = holdingOf(model, projectId, address)
  const isLockFree = locks.named.size === 0 && locks.loose === 0 && locks.watermark === 0
  return isLockFree && !exited && !moved && balance === 0 && frozen === 0 && changedAt === 0 && claimed === 0 && carried === 0n
}

/** Where a lot was put, and from there along the wallets that were replaced; where an exit took it, it ends. */
export function holderOfLot(model: Model, { projectId, placed }: Lot): string {
  let holder = placed
  while (model.successors.has(holder)) {
    const { moved, exited } = holdingOf(model, projectId, holder)
    if (!isFresh(model, projectId, holder) && (!moved || exited)) break
    holder = model.successors.get(holder)!
  }
  return holder
}

export function projectOf(model: Model, projectId: number): Project {
  const project = model.projects.get(projectId)
  if (!project) throw new Refusal('ProjectNotFound', projectId)
  return project
}

export function change(model: Model, projectId: number, address: string, changes: Partial<Holding>): void {
  if (!model.holdings.has(projectId)) model.holdings.set(projectId, new Map())
  put(model, model.holdings.get(projectId)!, address, { ...holdingOf(model, projectId, address), ...changes })
}

/** Changes a balance; whoever never had a unit when an epoch opened starts with everything paid. */
export function setBalance(model: Model, project: Project, address: string, balance: number): void {
  const { epoch } = project
  const before = holdingOf(model, project.id, address)
  const first = before.changedAt !== epoch && before.balance === 0 && before.changedAt === 0 && before.claimed === 0
  change(model, project.id, address, { balance, changedAt: epoch, claimed: first ? epoch : before.claimed })
}
