import { expect } from 'chai'
import { ethers, ROLE, random, ZERO } from '../fixture.ts'
import { checkAll, checkTouched } from './checks.ts'
import { attempt, isPaused, type Model, Refusal } from './model.ts'
import { createProject, setProjectState } from './projects.ts'
import { codeOf } from './rules.ts'
import { firstModel, mineAt, type Scene, send, view } from './scene.ts'
import { chance, type MakeStep, officerStep, one, type Step, type Walk } from './step.ts'
import * as accounts from './steps-accounts.ts'
import * as hooks from './steps-hooks.ts'
import * as money from './steps-money.ts'
import * as projects from './steps-projects.ts'
import * as units from './steps-units.ts'

/** A seeded walk: each step is foretold by the model, made on the chain, and compared. */

const PEOPLE = 8
const KINDS: [MakeStep, number][] = [
  [units.mintOneStep, 12],
  [units.mintManyStep, 5],
  [units.mintSettledStep, 3],
  [units.replayStep, 4],
  [units.transferStep, 30],
  [units.transferBatchStep, 10],
  [units.approveStep, 4],
  [units.permitStep, 2],
  [units.freezeStep, 4],
  [units.forcedStep, 5],
  [units.transferLotsStep, 5],
  [units.releaseStep, 4],
  [units.reverseStep, 3],
  [accounts.setAccountStep, 5],
  [accounts.registerStep, 8],
  [accounts.relinkStep, 4],
  [accounts.moveHoldingsStep, 4],
  [accounts.revokeStep, 1],
  [projects.createStep, 3],
  [projects.stateStep, 3],
  [projects.saleStateStep, 2],
  [projects.settingStep, 4],
  [projects.pauseStep, 2],
  [projects.roleStep, 1],
  [projects.exitStep, 8],
  [projects.anyBatchStep, 2],
  [projects.anyFinalizeStep, 1],
  [money.distributeStep, 7],
  [money.buyOutStep, 3],
  [money.recordDateStep, 1],
  [money.voteEpochStep, 2],
  [money.claimStep, 5],
  [money.claimForStep, 6],
  [money.claimManyStep, 3],
  [money.payoutAddressStep, 2],
  [money.refusePayeeStep, 1],
  [money.clawbackStep, 4],
  [money.attestStep, 1],
  [hooks.armStep, 5],
  [hooks.documentStep, 2],
]
const WHEEL = KINDS.flatMap(([make, weight]) => Array.from({ length: weight }, () => make))
/** Calls of officers, by whose role the ledger lets them through; the others are the access manager's. */
const ROLE_OF: Record<string, number> = {
  mintInvestment: ROLE.minter,
  mintInvestments: ROLE.minter,
  mintSettled: ROLE.sale,
  setSaleState: ROLE.sale,
  setAccount: ROLE.registrar,
  relinkWallet: ROLE.registrar,
  openVoteEpoch: ROLE.governor,
  openRecordDate: ROLE.treasurer,
  attestOffchain: ROLE.treasurer,
}

/** What must have gone through somewhere in a set of walks, or they prove little. */
export const CALLS = [
  'mintInvestment',
  'mintInvestments',
  'mintSettled',
  'safeTransferFrom',
  'safeBatchTransferFrom',
  'setApprovalForAll',
  'permitForAll',
  'setFrozenTokens',
  'forcedTransfer',
  'transferLots',
  'release',
  'reverseInvestment',
  'setAccount',
  'register',
  'relink',
  'relinkWallet',
  'moveHoldings',
  'revoke',
  'createProject',
  'setProjectState',
  'setSaleState',
  'setDailyMintCap',
  'setRules',
  'setBlockedCountries',
  'setMetadata',
  'freezeMetadata',
  'pause',
  'unpause',
  'setRole',
  'announceExit',
  'cancelExit',
  'beginExit',
  'buyOut',
  'exitBatch',
  'finalizeExit',
  'distributeReturns',
  'openRecordDate',
  'openVoteEpoch',
  'claim',
  'claimFor',
  'claimMany',
  'setPayoutAddress',
  'announceClawback',
  'cancelClawback',
  'clawback',
  'attestOffchain',
  'addDocument',
  'arm',
]

export async function takeWalk(scene: Scene, seed: number, steps: number, checkEvery: number): Promise<Walk> {
  const walk: Walk = {
    scene,
    model: await firstModel(scene),
    pick: random(seed),
    keys: new Map(),
    people: [...scene.receivers],
    counter: 0,
    done: new Map(),
  }
  for (let i = 0; i < PEOPLE; i++) await accounts.newWallet(walk)
  for (const [index, account] of walk.people.entries())
    await take(walk, await accounts.firstRegistration(walk, account, index + 1), 'first')
  for (const projectId of [1, 2, 3, 4]) await firstProject(walk, projectId)
  for (let index = 0; index < steps; index++) {
    walk.model.now += 1 + walk.pick(900) + (chance(walk, 12) ? 86_400 * (1 + walk.pick(9)) : 0)
    const isStopped = isPaused(walk.model) && chance(walk, 8)
    const step = await (isStopped ? projects.pauseStep : one(walk, WHEEL))(walk)
    if (step) await take(walk, chance(walk, 40) ? intruding(walk, step) : step, `seed ${seed}, step ${index}`)
    if (index % checkEvery === checkEvery - 1) await checkAll(walk, `seed ${seed}, after step ${index}`)
  }
  await mineAt(walk.model.now + 1)
  return walk
}

async function take(walk: Walk, step: Step, where: string): Promise<void> {
  const { scene, model } = walk
  const told = `${where}: ${step.method}(${step.args.map(String)}) by ${step.behalf ?? step.from} at ${model.now}`
  if (step.question) await ask(walk, step.question, told)
  model.log = []
  model.undo = []
  const refusal = attempt(model, step.deed)
  const data = step.to.interface.encodeFunctionData(step.method, step.args) + (step.behalf?.slice(2) ?? '')
  const sent = await send(scene, model.now, step.from, step.to, data)
  expect(sent.refusal, told).to.equal(refusal?.message ?? null)
  expect(sent.log, told).to.deep.equal(refusal ? [] : model.log)
  // Whatever is written shows in the logs.
  const isSilent = model.log.length === 0 && !scene.tokens.includes(step.to)
  if (isSilent) expect(model.undo.length, told).to.equal(0)
  if (!refusal) walk.done.set(step.method, (walk.done.get(step.method) ?? 0) + 1)
  await checkTouched(walk, step.args, told)
  model.now += 1
}

/** Before a transfer the ledger must say what the model says. The question is put at the last block's time. */
async function ask(
  { scene, model }: Walk,
  [operator, from, to, projectId, amount]: NonNullable<Step['question']>,
  told: string,
): Promise<void> {
  const { ledger } = scene
  await mineAt(model.now)
  await ethers.provider.send('evm_mine', [])
  const args = [operator, from, to, projectId, amount]
  const [code] = await view(ledger, 'detectTransferRestrictionFrom', args)
  expect(Number(code), told).to.equal(codeOf(model, operator, from, to, projectId, amount))
  const [allowed] = await view(ledger, 'canTransfer', args.slice(1))
  expect(allowed, told).to.equal(codeOf(model, from, from, to, projectId, amount) === 0)
  model.now += 1
}

/** The same call by somebody without the role: a person, or a key that has another. */
function intruding(walk: Walk, step: Step): Step {
  const { scene, model } = walk
  const members = [scene.minter, scene.seller, scene.registry, scene.elector, scene.treasurer]
  const isGuarded = [scene.admin, ...members].includes(step.from) && !scene.tokens.includes(step.to)
  if (!isGuarded || step.method === 'register') return step
  const others = [...members, scene.payments.address, scene.identity.address].filter((each) => each !== step.from)
  const from: string = chance(walk, 2) ? one(walk, others) : one(walk, walk.people)
  const role = ROLE_OF[step.method]
  const isPayment = step.method === 'distributeReturns' || step.method === 'buyOut'
  const deed = () => {
    if (isPayment) throw refusalOfPayment(model, scene.vault.target, step.args as [string, number, bigint])
    throw role === undefined ? new Refusal('AccessManagedUnauthorized', from) : new Refusal('MissingRole', from, role)
  }
  return { ...step, from, deed }
}

/** Money is taken before the role is asked for: who has given the vault no allowance gets no further. */
function refusalOfPayment(model: Model, vault: string, [id, projectId, amount]: [string, number, bigint]): Refusal {
  if (amount === 0n) return new Refusal('ZeroAmount')
  if (model.distributions.has(id)) return new Refusal('DistributionAlreadyMade', id)
  const token = model.projects.get(projectId)?.payoutToken ?? ZERO
  if (!model.allowedTokens.get(token)) return new Refusal('TokenNotAllowed', projectId, token)
  return new Refusal('ERC20InsufficientAllowance', vault, 0, amount)
}

async function firstProject(walk: Walk, projectId: number): Promise<void> {
  const { scene, model } = walk
  const terms = projects.someTerms(walk, projectId)
  await take(
    walk,
    officerStep(walk, scene.ledger, 'createProject', [projectId, terms], () => createProject(model, projectId, terms)),
    'first',
  )
  if (projectId === 4) return
  const args = [projectId, 3, terms.metadataHash]
  const deed = () => setProjectState(model, projectId, 3, terms.metadataHash, false)
  await take(walk, officerStep(walk, scene.ledger, 'setProjectState', args, deed), 'first')
}
