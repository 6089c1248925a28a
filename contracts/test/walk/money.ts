import { FLAG, ROLE, STATE, ZERO } from '../fixture.ts'
import { requireRole } from './mints.ts'
import { accountOf, attempt, change, cumulativeOf, emit, holdingOf, type Model, projectOf, put, Refusal, supplyOf } from './model.ts'

/** Epochs, and money in and out of the vault. */

const SCALE = 1n << 64n
/** Shortest notice of a clawback in the walks. */
export const CLAWBACK_NOTICE = 60 * 86_400
export interface Payout {
  id: string
  projectId: number
  amount: bigint
  reportHash: string
  uri: string
}

export function distribute(model: Model, treasurer: string, vault: string, payout: Payout): void {
  const { id, projectId, amount } = payout
  if (amount === 0n) throw new Refusal('ZeroAmount')
  if (model.distributions.has(id)) throw new Refusal('DistributionAlreadyMade', id)
  const token = model.projects.get(projectId)?.payoutToken ?? ZERO
  if (!model.allowedTokens.get(token)) throw new Refusal('TokenNotAllowed', projectId, token)
  pay(model, token, treasurer, vault, amount)
  requireRole(model, treasurer, ROLE.treasurer)
  const epoch = openEpoch(model, projectId, amount)
  put(model, model.distributions, id, { projectId, epoch })
  emit(model, 'ReturnsDistributed', projectId, epoch, token, amount, payout.reportHash, payout.uri, id)
}

/** An epoch for a vote, or for a payout outside the chain. */
export function openEpoch(model: Model, projectId: number, amount: bigint): number {
  const { state } = projectOf(model, projectId)
  if (state === STATE.exiting) throw new Refusal('WrongState', projectId, state)
  if (supplyOf(model, projectId) === 0) throw new Refusal('NoUnits', projectId)
  return addEpoch(model, projectId, amount)
}

export function addEpoch(model: Model, projectId: number, amount: bigint): number {
  const project = projectOf(model, projectId)
  const supply = supplyOf(model, projectId)
  const perUnit = amount === 0n ? 0n : (amount * SCALE) / BigInt(supply)
  const balances = new Map<string, number>()
  for (const [address, { balance, owed }] of model.holdings.get(projectId) ?? []) {
    if (balance === 0) continue
    balances.set(address, balance)
    change(model, projectId, address, { owed: owed + perUnit * BigInt(balance) })
  }
  const cumulative = cumulativeOf(model, projectId) + perUnit
  put(model, model.epochs, projectId, [...(model.epochs.get(projectId) ?? []), { cumulative, supply, amount, balances }])
  const epoch = project.epoch + 1
  put(model, model.projects, projectId, { ...project, epoch })
  emit(model, 'EpochOpened', projectId, epoch, supply, amount, cumulative)
  return epoch
}

export const dueOf = (model: Model, projectId: number, holder: string): bigint => {
  const { owed, carried } = holdingOf(model, projectId, holder)
  return carried + owed / SCALE
}

/** Last epoch that the holder shares. */
export function lastOf(model: Model, projectId: number, holder: string): number {
  const project = model.projects.get(projectId)
  return (holdingOf(model, projectId, holder).exited ? project?.exit?.epoch : project?.epoch) ?? 0
}

export function claim(model: Model, vault: string, holder: string, projectIds: number[]): void {
  let paid = 0n
  for (const projectId of projectIds) paid += payHolder(model, vault, projectId, holder)
  if (paid === 0n) throw new Refusal('NothingToClaim', projectIds[0] ?? 0, holder)
}

export function claimMany(model: Model, vault: string, projectId: number, holders: string[]): void {
  for (const holder of holders) {
    if (attempt(model, () => payHolder(model, vault, projectId, holder))) emit(model, 'ClaimSkipped', projectId, holder)
  }
}

export function setPayoutAddress(model: Model, vault: string, holder: string, payoutAddress: string): void {
  if (payoutAddress === vault) throw new Refusal('InvalidPayoutAddress', payoutAddress)
  put(model, model.payoutAddresses, holder, payoutAddress)
  emit(model, 'PayoutAddressSet', holder, payoutAddress)
}

export function announceClawback(model: Model, projectId: number, uptoEpoch: number, notBefore: number): void {
  const earliest = model.now + CLAWBACK_NOTICE
  if (notBefore < earliest) throw new Refusal('ClawbackTooEarly', notBefore, earliest)
  if (!model.epochs.get(projectId)?.[uptoEpoch - 1]?.supply) throw new Refusal('EpochNotOpened', projectId, uptoEpoch)
  requireNothingNewer(model, projectId, uptoEpoch)
  put(model, model.clawbacks, projectId, { uptoEpoch, notBefore })
  emit(model, 'ClawbackAnnounced', projectId, uptoEpoch, notBefore)
}

export function cancelClawback(model: Model, projectId: number): void {
  if (!model.clawbacks.get(projectId)?.notBefore) throw new Refusal('ClawbackNotAnnounced', projectId)
  put(model, model.clawbacks, projectId, { uptoEpoch: 0, notBefore: 0 })
  emit(model, 'ClawbackCancelled', projectId)
}

export function clawback(model: Model, vault: string, projectId: number, holders: string[]): void {
  const announced = model.clawbacks.get(projectId)
  if (!announced?.notBefore) throw new Refusal('ClawbackNotAnnounced', projectId)
  if (model.now < announced.notBefore) throw new Refusal('ClawbackDeadlineRunning', projectId, announced.notBefore)
  requireNothingNewer(model, projectId, announced.uptoEpoch)
  const { treasury, payoutToken, exit } = projectOf(model, projectId)
  if (treasury === ZERO) throw new Refusal('NoTreasury', projectId)
  let returned = 0n
  for (const holder of holders) {
    const skipped = attempt(model, () => {
      if (holder === exit?.dao) throw new Refusal('CommunityDao')
      const amount = settle(model, projectId, holder)
      if (amount > 0n) emit(model, 'DistributionClawedBack', projectId, holder, lastOf(model, projectId, holder), amount, treasury)
      returned += amount
    })
    if (skipped) emit(model, 'ClaimSkipped', projectId, holder)
  }
  pay(model, payoutToken, vault, treasury, returned)
}

export function attest(model: Model, treasurer: string, id: string, projectId: number, epoch: number, root: string, total: number): void {
  requireRole(model, treasurer, ROLE.treasurer)
  if (total === 0) throw new Refusal('InvalidAttestation', id)
  if (model.attestations.has(id)) throw new Refusal('AttestationAlreadyMade', id)
  if (!model.epochs.get(projectId)?.[epoch - 1]?.supply) throw new Refusal('EpochNotOpened', projectId, epoch)
  put(model, model.attestations, id, { projectId, epoch, root, total })
  emit(model, 'OffchainDistributionAttested', id, projectId, epoch, root, total, 'EUR', root, 'ipfs://paid')
}

function payHolder(model: Model, vault: string, projectId: number, holder: string): bigint {
  const amount = settle(model, projectId, holder)
  if (amount === 0n) return 0n
  const payee = lastWalletOf(model, holder)
  const paidTo = model.payoutAddresses.get(payee) ?? ZERO
  const to = paidTo === ZERO ? payee : paidTo
  emit(model, 'DistributionClaimed', projectId, holder, lastOf(model, projectId, holder), amount, to)
  pay(model, projectOf(model, projectId).payoutToken, vault, to, amount)
  return amount
}

function settle(model: Model, projectId: number, holder: string): bigint {
  const payee = lastWalletOf(model, holder)
  if (accountOf(model, payee).flags & FLAG.frozen) throw new Refusal('AccountIsFrozen', payee)
  const amount = dueOf(model, projectId, holder)
  if (amount > 0n) change(model, projectId, holder, { owed: 0n, carried: 0n, claimed: lastOf(model, projectId, holder) })
  return amount
}

/** Whose money it is: the wallet's or, when it was replaced, that of the last one that took its place. */
function lastWalletOf(model: Model, holder: string): string {
  const next = model.successors.get(holder)
  return next === undefined ? holder : lastWalletOf(model, next)
}

function pay(model: Model, token: string, from: string, to: string, amount: bigint): void {
  if (amount === 0n) return
  if (model.refused.get(`${token} ${to}`)) throw new Refusal('Blocked', to)
  for (const [address, sign] of [
    [from, -1n],
    [to, 1n],
  ] as const) {
    const key = `${token} ${address}`
    put(model, model.money, key, (model.money.get(key) ?? 0n) + sign * amount)
  }
}

/** A distribution raises what each unit earned; epochs opened for other ends don't matter. */
function requireNothingNewer(model: Model, projectId: number, uptoEpoch: number): void {
  const epochs = model.epochs.get(projectId) ?? []
  if (epochs.slice(uptoEpoch).every(({ amount, supply }) => amount * SCALE < BigInt(supply) || amount === 0n)) return
  throw new Refusal('NewerDistribution', projectId, uptoEpoch, epochs.length)
}
