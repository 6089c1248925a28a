import * as holdings from './rebuild-holdings.ts'

/** Everything that the views of ledger, vault, registrar and documents show, from nothing but their logs and the times of their blocks. */

export interface Line {
  event: string
  // biome-ignore lint/suspicious/noExplicitAny: ethers gives an event's arguments by name, from the ABI
  args: any
  /** Unix second of the block. */
  time: number
}
export interface Project {
  terms: Line['args']
  state: number
  dailyMintCap: bigint
  rules: string
  blocked: bigint[]
  metadataVersion: number
  metadataFrozen: boolean
  metadataHash: string
  uri: string
  exit: { dao: string; notBefore: number; epoch: number }
  minted: { day: number; units: number }
}
export interface Rebuilt {
  paused: boolean
  projects: Map<number, Project>
  holdings: Map<number, holdings.Holdings>
  lots: Map<string, holdings.Lot>
  roles: Map<string, number>
  accounts: Map<string, unknown[]>
  successors: Map<string, string>
  approvals: Map<string, boolean>
  /** The next of each owner. */
  nonces: Map<string, bigint>
  /** Unix second up to which attestations for an investor are void. */
  issuedAt: Map<bigint, bigint>
  distributions: Map<string, [number, number]>
  payoutAddresses: Map<string, string>
  tokens: Map<string, boolean>
  attestations: Map<string, unknown[]>
  clawbacks: Map<number, [number, number]>
  /** Versions by `project kind`, in the order of the first of each kind. */
  documents: Map<string, [string, number, string][]>
}

const ZERO = `0x${'0'.repeat(40)}`
const MINTER = 1
const EXITING = 6
const NO_EXIT = { dao: ZERO, notBefore: 0, epoch: 0 }
/** What follows a transfer and says more about it. */
const EXPLAINED = ['InvestmentMinted', 'InvestmentReversed', 'LotMoved', 'HoldingMoved']

export function rebuild(lines: readonly Line[]): Rebuilt {
  const state: Rebuilt = {
    paused: false,
    projects: new Map(),
    holdings: new Map(),
    lots: new Map(),
    roles: new Map(),
    accounts: new Map(),
    successors: new Map(),
    approvals: new Map(),
    nonces: new Map(),
    issuedAt: new Map(),
    distributions: new Map(),
    payoutAddresses: new Map(),
    tokens: new Map(),
    attestations: new Map(),
    clawbacks: new Map(),
    documents: new Map(),
  }
  for (const [index, line] of lines.entries()) {
    const { event } = line
    if (event === 'TransferSingle') applyTransfer(state, line, lines[index + 1])
    else if (event === 'InvestmentMinted') applyMint(state, line, lines[index - 1]!.args.operator)
    else READERS[event]?.(state, line.args, Math.floor(line.time / 86_400), line.time)
  }
  return state
}

/** Present holder of a lot: where it was minted or moved to, and from there along the wallets; where an exit took it, it ends. */
export function holderOf(state: Rebuilt, lot: holdings.Lot): string {
  let { holder } = lot
  while (state.successors.has(holder) && holdings.wasPassedOn(of(state, lot.projectId), holder)) holder = state.successors.get(holder)!
  return holder
}

type Reader = (state: Rebuilt, args: Line['args'], today: number, time: number) => void
const READERS: Record<string, Reader> = {
  ProjectCreated: (state, { projectId, terms }) => {
    const none = { state: 0, rules: ZERO, blocked: [0n, 0n, 0n, 0n], metadataVersion: 0, metadataFrozen: false, metadataHash: '', uri: '' }
    const project = { ...none, terms, dailyMintCap: terms.dailyMintCap, exit: NO_EXIT, minted: { day: 0, units: 0 } }
    state.projects.set(Number(projectId), project)
    state.holdings.set(Number(projectId), holdings.noHoldings())
  },
  ProjectStateChanged: (state, args) => set(state, args, { state: Number(args.state) }),
  DailyMintCapSet: (state, args) => set(state, args, { dailyMintCap: args.units }),
  RulesSet: (state, args) => set(state, args, { rules: args.rules }),
  CountriesSet: (state, args) => set(state, args, { blocked: [...args.blocked] }),
  MetadataSet: (state, args) => {
    set(state, args, { metadataVersion: Number(args.version), metadataHash: args.metadataHash, uri: args.uri })
  },
  MetadataFrozen: (state, args) => set(state, args, { metadataFrozen: true }),
  ExitAnnounced: (state, args) => set(state, args, { exit: { dao: args.communityDao, notBefore: Number(args.notBefore), epoch: 0 } }),
  ExitCancelled: (state, args) => set(state, args, { exit: NO_EXIT }),
  ExitBegun: (state, args) => {
    const epoch = Number(args.epoch)
    set(state, args, { exit: { ...state.projects.get(Number(args.projectId))!.exit, epoch } })
    of(state, args.projectId).exitEpoch = epoch
  },
  Paused: (state) => {
    state.paused = true
  },
  Unpaused: (state) => {
    state.paused = false
  },
  RoleSet: (state, { account, role }) => void state.roles.set(account, Number(role)),
  AccountSet: (state, { account, flags, expiry, country, class: investorClass, investorId }) => {
    state.accounts.set(account, [flags, expiry, country, investorClass, investorId])
  },
  WalletRelinked: (state, { from, to }) => void state.successors.set(from, to),
  ApprovalForAll: (state, { account, operator, approved }) => void state.approvals.set(`${account} ${operator}`, approved),
  NonceUsed: (state, { owner, nonce }) => void state.nonces.set(owner, nonce + 1n),
  AccountAttested: (state, { investorId, issuedAt }) => void state.issuedAt.set(investorId, issuedAt),
  AccountRevoked: (state, { investorId, issuedAt }) => void state.issuedAt.set(investorId, issuedAt),
  TransferBatch: (state, args, today) => {
    for (const [index, id] of [...args.ids].entries()) holdings.move(of(state, id), args.from, args.to, Number(args[4][index]), today)
  },
  Frozen: (state, { account, tokenId, amount }) => {
    holdings.positionOf(of(state, tokenId), account).frozen = Number(amount)
  },
  LockCarried: (state, { projectId, from, to, units, unlockDay }, today) => {
    holdings.carryLock(of(state, projectId), from, to, Number(units), Number(unlockDay), today)
  },
  LotReleased: (state, { investmentId, projectId, holder }) => {
    holdings.release(of(state, projectId), state.lots.get(investmentId)!, holder)
  },
  LotMoved: (state, { investmentId, from, to }, today) => {
    const lot = state.lots.get(investmentId)!
    holdings.moveLot(of(state, lot.projectId), lot, from, to, today)
  },
  InvestmentReversed: (state, { investmentId, projectId, holder }) => {
    holdings.reverse(of(state, projectId), state.lots.get(investmentId)!, holder)
  },
  HoldingMoved: (state, { projectId, from, to, units, locked, unlockDay, carried }, today) => {
    const after = { units: Number(units), locked: Number(locked), unlockDay: Number(unlockDay), carried }
    holdings.moveHolding(of(state, projectId), from, to, after, today)
  },
  EpochOpened: (state, { projectId, supply, cumulativePerUnit }) => {
    holdings.openEpoch(of(state, projectId), Number(supply), cumulativePerUnit)
  },
  ReturnsDistributed: (state, { distributionId, projectId, epoch }) => {
    state.distributions.set(distributionId, [Number(projectId), Number(epoch)])
  },
  DistributionClaimed: (state, { projectId, holder, uptoEpoch }) => paid(state, projectId, holder, uptoEpoch),
  DistributionClawedBack: (state, { projectId, holder, uptoEpoch }) => paid(state, projectId, holder, uptoEpoch),
  PayoutAddressSet: (state, { holder, payoutAddress }) => void state.payoutAddresses.set(holder, payoutAddress),
  TokenAllowedSet: (state, { token, allowed }) => void state.tokens.set(token, allowed),
  OffchainDistributionAttested: (state, { attestationId, projectId, epoch, root, total, currency }) => {
    state.attestations.set(attestationId, [projectId, epoch, root, total, currency])
  },
  ClawbackAnnounced: (state, { projectId, uptoEpoch, notBefore }) => {
    state.clawbacks.set(Number(projectId), [Number(uptoEpoch), Number(notBefore)])
  },
  DocumentSet: (state, { projectId, kind, hash, uri }, _today, time) => {
    const key = `${projectId} ${kind}`
    state.documents.set(key, [...(state.documents.get(key) ?? []), [hash, time, uri]])
  },
  ClawbackCancelled: (state, { projectId }) => void state.clawbacks.set(Number(projectId), [0, 0]),
}

/** While an exit runs nothing moves but to the DAO. */
function applyTransfer(state: Rebuilt, { args, time }: Line, next: Line | undefined): void {
  const { from, to, id } = args
  // A holding without units moves without a transfer: what came before it was another's.
  if (next && EXPLAINED.includes(next.event) && next.args.units !== 0n) return
  const units = Number(args[4])
  if (state.projects.get(Number(id))?.state === EXITING) holdings.takeExit(of(state, id), from, to, units)
  else holdings.move(of(state, id), from, to, units, Math.floor(time / 86_400))
}

/** What a minter minted counts against the day; what the sale settled doesn't. */
function applyMint(state: Rebuilt, { args, time }: Line, operator: string): void {
  const [projectId, units, day] = [Number(args.projectId), Number(args.units), Number(args.unlockDay)]
  const lot = { projectId, investor: args.investor, units, day, holder: args.investor, state: 0 }
  const today = Math.floor(time / 86_400)
  state.lots.set(args.investmentId, lot)
  holdings.mint(of(state, projectId), lot, today)
  const project = state.projects.get(projectId)!
  if (state.roles.get(operator) !== MINTER) return
  project.minted = { day: today, units: units + (project.minted.day === today ? project.minted.units : 0) }
}

function paid(state: Rebuilt, projectId: bigint, holder: string, uptoEpoch: bigint): void {
  Object.assign(holdings.positionOf(of(state, projectId), holder), { claimed: Number(uptoEpoch), carried: 0n })
}

/** Zero-value transfers name projects that were never created. */
function of(state: Rebuilt, projectId: bigint | number): holdings.Holdings {
  return state.holdings.get(Number(projectId)) ?? holdings.noHoldings()
}

function set(state: Rebuilt, { projectId }: Line['args'], changes: Partial<Project>): void {
  Object.assign(state.projects.get(Number(projectId))!, changes)
}
