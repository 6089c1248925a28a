import { ethers, FLAG, FOREVER, ZERO } from '../fixture.ts'
import * as accounts from './accounts.ts'
import { type Account, accountOf } from './model.ts'
import { unlock } from './scene.ts'
import { chance, type MakeStep, officerStep, one, type Step, type Walk } from './step.ts'

/** Accounts by the registrar's key and by attestation; wallets that are lost. */

const BOTH = FLAG.send | FLAG.receive
const UNUSUAL = [BOTH | FLAG.lockExempt, BOTH | FLAG.lockExempt, FLAG.send, FLAG.receive, BOTH | FLAG.frozen, BOTH | FLAG.frozen]
const TYPES = {
  Attestation: [
    ['account', 'address'],
    ['flags', 'uint8'],
    ['expiry', 'uint40'],
    ['country', 'uint16'],
    ['class', 'uint8'],
    ['investorId', 'uint64'],
    ['issuedAt', 'uint40'],
    ['deadline', 'uint40'],
    ['replaces', 'address'],
  ].map(([name, type]) => ({ name: name!, type: type! })),
}

export const setAccountStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const address = one(walk, walk.people)
  const { investorId, expiry } = accountOf(model, address)
  // Whoever has no active wallet must not get one behind the registrar's back.
  const record = expiry === 0 ? { ...accountOf(model, address), flags: walk.pick(32) } : aRecord(walk, investorId)
  const args = [address, record]
  return { from: scene.registry, to: scene.ledger, method: 'setAccount', args, deed: () => accounts.setAccount(model, address, record) }
}

/** Most often gives a person back what other steps took. */
export const registerStep: MakeStep = async (walk) => {
  const { scene, model } = walk
  const account = chance(walk, 15) ? ZERO : chance(walk, 6) ? await newWallet(walk) : one(walk, walk.people)
  const investorId = accountOf(model, account).investorId || 1 + walk.pick(40)
  const attestation = attested(
    walk,
    account,
    chance(walk, 15) ? investorId + 1 : investorId,
    chance(walk, 20) ? one(walk, walk.people) : ZERO,
  )
  const args = [plain(attestation), await signed(walk, attestation)]
  const deed = () => accounts.register(model, attestation)
  return { from: one(walk, walk.people), to: scene.registrar, method: 'register', args, deed }
}

export const relinkStep: MakeStep = async (walk) => {
  const { scene, model } = walk
  const from = one(walk, walk.people)
  const known = walk.people.filter((each) => accountOf(model, each).investorId === accountOf(model, from).investorId)
  const to = chance(walk, 5) ? one(walk, walk.people) : chance(walk, 3) ? one(walk, known) : await newWallet(walk)
  const projectIds = someProjects(walk)
  if (chance(walk, 3)) {
    // What the registrar contract refuses too: an investor with two active wallets.
    if (accountOf(model, from).expiry === 0 || accountOf(model, to).expiry !== 0) return null
    const record = aRecord(walk, accountOf(model, from).investorId)
    const deed = () => accounts.relinkWallet(model, from, to, record)
    return { from: scene.registry, to: scene.ledger, method: 'relinkWallet', args: [from, to, record], deed }
  }
  const attestation = attested(walk, to, accountOf(model, from).investorId, from)
  const args = [plain(attestation), await signed(walk, attestation), projectIds]
  return officerStep(walk, scene.registrar, 'relink', args, () => accounts.relink(model, scene.registrar.target, attestation, projectIds))
}

export const moveHoldingsStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const retired = [...model.successors.keys()]
  const from = retired.length > 0 && !chance(walk, 20) ? one(walk, retired) : one(walk, walk.people)
  const [caller, projectIds] = [one(walk, walk.people), someProjects(walk)]
  const deed = () => accounts.moveHoldings(model, caller, from, projectIds)
  return { from: caller, to: scene.ledger, method: 'moveHoldings', args: [from, projectIds], deed }
}

export const revokeStep: MakeStep = (walk) => {
  const account = one(walk, walk.people)
  return officerStep(walk, walk.scene.registrar, 'revoke', [account], () => accounts.revoke(walk.model, account))
}

/** Registers everybody once, before a walk. */
export async function firstRegistration(walk: Walk, account: string, investorId: number): Promise<Step> {
  const record = { flags: BOTH, expiry: FOREVER, country: 276, class: 0, investorId }
  const attestation = { ...attested(walk, account, investorId, ZERO), record }
  const digest = digestOf(walk, attestation)
  const all = { ...attestation, digest }
  const deed = () => accounts.register(walk.model, all)
  return { from: walk.scene.admin, to: walk.scene.registrar, method: 'register', args: [plain(all), await signed(walk, all)], deed }
}

export async function newWallet(walk: Walk): Promise<string> {
  const key = new ethers.Wallet(ethers.id(`person ${walk.counter++}`))
  await unlock(key.address)
  walk.keys.set(key.address, key)
  walk.people.push(key.address)
  return key.address
}

function aRecord(walk: Walk, investorId: number): Account {
  return {
    flags: chance(walk, 3) ? one(walk, UNUSUAL) : BOTH,
    expiry: chance(walk, 15) ? walk.model.now + walk.pick(20) * 86_400 : FOREVER,
    country: chance(walk, 3) ? one(walk, [840, 250, 256, 1_500]) : 276,
    class: walk.pick(3),
    investorId,
  }
}

function attested(walk: Walk, account: string, investorId: number, replaces: string): accounts.Attestation {
  const { model, scene } = walk
  const last = model.standings.get(investorId)?.issuedAt ?? 0
  const draft = {
    account,
    record: chance(walk, 6) && accountOf(model, account).investorId ? accountOf(model, account) : aRecord(walk, investorId),
    issuedAt: chance(walk, 8) ? last : Math.max(last + 1, model.now - walk.pick(100)),
    deadline: model.now + (chance(walk, 20) ? -1 : 1_000),
    replaces,
    attestor: scene.identity.address as string,
    digest: '',
  }
  return { ...draft, digest: digestOf(walk, draft) }
}

function digestOf(walk: Walk, attestation: accounts.Attestation): string {
  return ethers.TypedDataEncoder.hash(domainOf(walk), TYPES, plain(attestation))
}

function signed(walk: Walk, attestation: accounts.Attestation): Promise<string> {
  return walk.scene.identity.signTypedData(domainOf(walk), TYPES, plain(attestation))
}

function plain({ account, record, issuedAt, deadline, replaces }: accounts.Attestation) {
  return { account, ...record, issuedAt, deadline, replaces }
}

function domainOf({ scene }: Walk) {
  return { name: 'TerraLuminaRegistrar', version: '1', chainId: scene.chainId, verifyingContract: scene.registrar.target }
}

function someProjects(walk: Walk): number[] {
  return [...walk.model.projects.keys()].filter(() => !chance(walk, 3))
}
