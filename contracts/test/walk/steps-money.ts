import { ROLE, STATE } from '../fixture.ts'
import { requireRole } from './mints.ts'
import { put, supplyOf } from './model.ts'
import * as money from './money.ts'
import { buyOut, NO_HASH } from './projects.ts'
import { aHolder, aProject, chance, freshId, holderStep, type MakeStep, officerStep, one, type Step, type Walk } from './step.ts'

/** Distributions, epochs, claims, clawbacks. */

const PAYING = [STATE.active, STATE.paused, STATE.exitAnnounced, STATE.exited]

export const distributeStep: MakeStep = (walk) => payoutStep(walk, aProject(walk, PAYING), anAmount(walk), 'distributeReturns')

export const buyOutStep: MakeStep = (walk) => {
  const announced = [...walk.model.projects.values()].filter(({ state }) => state === STATE.exitAnnounced)
  if (announced.length === 0) return null
  const { id, buyOutPerUnit, exit } = one(walk, announced)
  if (chance(walk, 3) && exit!.notBefore > walk.model.now) walk.model.now = exit!.notBefore
  const price = (buyOutPerUnit || 5n) * BigInt(supplyOf(walk.model, id))
  return payoutStep(walk, id, price + (price > 0n && chance(walk, 3) ? -1n : BigInt(walk.pick(3))), 'buyOut')
}

export const recordDateStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk, PAYING)
  const deed = () => {
    requireRole(model, scene.treasurer, ROLE.treasurer)
    money.openEpoch(model, projectId, 0n)
  }
  return { from: scene.treasurer, to: scene.vault, method: 'openRecordDate', args: [projectId], deed }
}

export const voteEpochStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk, PAYING)
  const deed = () => void money.openEpoch(model, projectId, 0n)
  return { from: scene.elector, to: scene.ledger, method: 'openVoteEpoch', args: [projectId], deed }
}

export const claimStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectIds = Array.from({ length: walk.pick(4) }, () => aProject(walk, PAYING))
  const holder = aHolder(walk, projectIds[0] ?? 1)
  const deed = () => money.claim(model, scene.vault.target, holder, projectIds)
  return holderStep(walk, holder, scene.vault, 'claim', [projectIds], deed)
}

export const claimForStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk, PAYING)
  const holder = aPayee(walk, projectId)
  const deed = () => money.claim(model, scene.vault.target, holder, [projectId])
  return { from: one(walk, walk.people), to: scene.vault, method: 'claimFor', args: [projectId, holder], deed }
}

export const claimManyStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk, PAYING)
  const holders = somePayees(walk, projectId)
  const deed = () => money.claimMany(model, scene.vault.target, projectId, holders)
  return { from: one(walk, walk.people), to: scene.vault, method: 'claimMany', args: [projectId, holders], deed }
}

export const payoutAddressStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const holder = one(walk, walk.people)
  const to = chance(walk, 20) ? scene.vault.target : one(walk, walk.people)
  return holderStep(walk, holder, scene.vault, 'setPayoutAddress', [to], () =>
    money.setPayoutAddress(model, scene.vault.target, holder, to),
  )
}

/** The second token refuses to pay somebody, or pays again. */
export const refusePayeeStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const [, token] = scene.tokens
  const [payee, isRefused] = [one(walk, walk.people), chance(walk, 3)]
  const deed = () => put(model, model.refused, `${token.target} ${payee}`, isRefused)
  return { from: scene.admin, to: token, method: 'setBlocked', args: [payee, isRefused], deed }
}

export const clawbackStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const announced = [...model.clawbacks].filter(([, { notBefore }]) => notBefore > 0).map(([id]) => id)
  if (announced.length === 0 || chance(walk, 4)) {
    const projectId = aProject(walk, PAYING)
    const upto = Math.max(0, (model.epochs.get(projectId)?.length ?? 0) - walk.pick(2))
    const notBefore = model.now + money.CLAWBACK_NOTICE + walk.pick(3) - 1
    const deed = () => money.announceClawback(model, projectId, upto, notBefore)
    return officerStep(walk, scene.vault, 'announceClawback', [projectId, upto, notBefore], deed)
  }
  const projectId = one(walk, announced)
  if (chance(walk, 8)) return officerStep(walk, scene.vault, 'cancelClawback', [projectId], () => money.cancelClawback(model, projectId))
  const { notBefore } = model.clawbacks.get(projectId)!
  if (chance(walk, 3) && notBefore > model.now) model.now = notBefore + walk.pick(3) - 1
  const holders = somePayees(walk, projectId)
  const deed = () => money.clawback(model, scene.vault.target, projectId, holders)
  return officerStep(walk, scene.vault, 'clawback', [projectId, holders], deed)
}

export const attestStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk, PAYING)
  const epoch = Math.max(0, (model.epochs.get(projectId)?.length ?? 0) + 1 - walk.pick(3))
  const id = chance(walk, 4) ? ([...model.attestations.keys()][0] ?? freshId(walk, 'paid')) : freshId(walk, 'paid')
  const [root, total] = [freshId(walk, 'root'), walk.pick(5) * 100]
  const deed = () => money.attest(model, scene.treasurer, id, projectId, epoch, root, total)
  const args = [id, projectId, epoch, root, total, 'EUR', root, 'ipfs://paid']
  return { from: scene.treasurer, to: scene.vault, method: 'attestOffchain', args, deed }
}

function payoutStep(walk: Walk, projectId: number, amount: bigint, method: 'distributeReturns' | 'buyOut'): Step {
  const { scene, model } = walk
  const known = [...model.distributions.keys()]
  const id = known.length > 0 && chance(walk, 20) ? one(walk, known) : freshId(walk, 'round')
  const payout = { id, projectId, amount, reportHash: NO_HASH, uri: 'ipfs://report' }
  const pay = method === 'buyOut' ? buyOut : money.distribute
  const deed = () => pay(model, scene.treasurer, scene.vault.target, payout)
  return { from: scene.treasurer, to: scene.vault, method, args: [id, projectId, amount, NO_HASH, 'ipfs://report'], deed }
}

/** Odd ones, small ones, none. */
function anAmount(walk: Walk): bigint {
  if (chance(walk, 25)) return 0n
  return chance(walk, 4) ? BigInt(1 + walk.pick(20)) : BigInt(1 + walk.pick(1_000_000_007))
}

function aPayee(walk: Walk, projectId: number): string {
  return chance(walk, 6) ? one(walk, walk.scene.daos) : aHolder(walk, projectId)
}

function somePayees(walk: Walk, projectId: number): string[] {
  return Array.from({ length: walk.pick(7) }, () => aPayee(walk, projectId))
}
