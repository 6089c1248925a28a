import { NOTICE, ROLE, STATE, TREASURY, ZERO } from '../fixture.ts'
import { holdersOf, isPaused } from './model.ts'
import * as projects from './projects.ts'
import { aProject, chance, freshId, type MakeStep, officerStep, one, type Step, type Walk } from './step.ts'

/** Creation, states, settings, pauses, roles, exits. */

const LIVE = [STATE.draft, STATE.active, STATE.paused, STATE.funding, STATE.exitAnnounced]
const EXITS = [STATE.exitAnnounced, STATE.exiting]

export const createStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const live = [...model.projects.values()].filter(({ state }) => (LIVE as readonly number[]).includes(state))
  if (live.length >= 4 && !chance(walk, 10)) return null
  const projectId = chance(walk, 10) ? one(walk, [0, 1, 2]) : 1 + model.projects.size
  const terms = someTerms(walk, projectId)
  return officerStep(walk, scene.ledger, 'createProject', [projectId, terms], () => projects.createProject(model, projectId, terms))
}

export const stateStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk, chance(walk, 3) ? [STATE.active] : [STATE.draft, STATE.paused])
  const state = chance(walk, 3) ? walk.pick(9) : model.projects.get(projectId)?.state === STATE.active ? STATE.paused : STATE.active
  const reason = freshId(walk, 'reason')
  const deed = () => projects.setProjectState(model, projectId, state, reason, false)
  return officerStep(walk, scene.ledger, 'setProjectState', [projectId, state, reason], deed)
}

export const saleStateStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk, [STATE.draft, STATE.funding])
  const isOpen = model.projects.get(projectId)?.state === STATE.funding
  const state = chance(walk, 6) ? walk.pick(9) : isOpen ? (chance(walk, 8) ? STATE.closed : STATE.active) : STATE.funding
  const deed = () => projects.setSaleState(model, scene.seller, projectId, state)
  return { from: scene.seller, to: scene.ledger, method: 'setSaleState', args: [projectId, state], deed }
}

export const settingStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk)
  const cap = walk.pick(4) * 700
  const rules = one(walk, [ZERO, ZERO, scene.rules.target, scene.minter])
  const blocked = one(walk, [[], [], [276], [840, 250, 1], [255, 256, 1023]])
  const [hash, uri] = [freshId(walk, 'metadata'), chance(walk, 10) ? '' : `ipfs://${walk.counter}`]
  return one(walk, [
    () => officerStep(walk, scene.ledger, 'setDailyMintCap', [projectId, cap], () => projects.setDailyMintCap(model, projectId, cap)),
    () => officerStep(walk, scene.ledger, 'setRules', [projectId, rules], () => projects.setRules(model, projectId, rules)),
    () => {
      const deed = () => projects.setBlockedCountries(model, projectId, blocked)
      return officerStep(walk, scene.ledger, 'setBlockedCountries', [projectId, projects.wordsOf(blocked)], deed)
    },
    () => {
      const deed = () => projects.setMetadata(model, projectId, hash, uri)
      return officerStep(walk, scene.ledger, 'setMetadata', [projectId, hash, uri], deed)
    },
    () => {
      if (!chance(walk, 2)) return null
      return officerStep(walk, scene.ledger, 'freezeMetadata', [projectId], () => projects.freezeMetadata(model, projectId))
    },
  ])()
}

/** Pauses are short, or nothing would happen in a walk. */
export const pauseStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const paused = isPaused(model) ? chance(walk, 10) : chance(walk, 3)
  return officerStep(walk, scene.ledger, paused ? 'pause' : 'unpause', [], () => projects.setPaused(model, scene.admin, paused))
}

/** A second minter comes and goes; the vault can't. */
export const roleStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const [address, role] = one(walk, [
    [scene.rules.target, ROLE.minter],
    [scene.rules.target, ROLE.none],
    [scene.vault.target, ROLE.none],
    [scene.rules.target, ROLE.vault],
  ] as const)
  return officerStep(walk, scene.ledger, 'setRole', [address, role], () => projects.setRole(model, address, role))
}

/** Announces, now and then; then whatever comes next in the exits that run. */
export const exitStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const running = [...model.projects.values()].filter(({ state }) => (EXITS as readonly number[]).includes(state))
  if (running.length === 0 || chance(walk, 12)) return chance(walk, 4) ? announceStep(walk) : null
  const project = one(walk, running)
  if (project.state === STATE.exiting) return chance(walk, 5) ? finalizeStep(walk, project.id) : batchStep(walk, project.id)
  if (chance(walk, 12)) return officerStep(walk, scene.ledger, 'cancelExit', [project.id], () => projects.cancelExit(model, project.id))
  // Time enough for the notice goes by in one step of many.
  if (chance(walk, 6) && project.exit!.notBefore > model.now) model.now = project.exit!.notBefore + walk.pick(3) - 1
  return officerStep(walk, scene.ledger, 'beginExit', [project.id], () => projects.beginExit(model, project.id))
}

export const anyBatchStep: MakeStep = (walk) => batchStep(walk, aProject(walk, [STATE.exiting]))
export const anyFinalizeStep: MakeStep = (walk) => finalizeStep(walk, aProject(walk, [STATE.exiting]))

export function someTerms(walk: Walk, kind: number): projects.Terms {
  const { scene } = walk
  const plain = {
    cap: 1_000_000,
    maxHolders: 0,
    maxHolderBps: 0,
    dailyMintCap: 100_000,
    exitTargetPerUnit: 0n,
    buyOutPerUnit: 0n,
    lockDays: 365,
  }
  const changes = [
    {},
    { cap: 5_000, maxHolders: 5, maxHolderBps: 3_000, dailyMintCap: 900 },
    { exitTargetPerUnit: 40_000n, buyOutPerUnit: 50_000n },
    { maxHolders: 3, buyOutPerUnit: 1_000_003n },
  ][kind % 4]!
  const wrong = kind > 4 && chance(walk, 8) ? one(walk, [{ cap: 0 }, { dailyMintCap: 0 }, { maxHolderBps: 10_001 }]) : {}
  const all = { ...plain, ...changes, ...wrong }
  return {
    cap: all.cap,
    maxHolders: all.maxHolders,
    maxHolderBps: all.maxHolderBps,
    lockDays: all.lockDays,
    dailyMintCap: all.dailyMintCap,
    payoutToken: scene.tokens[kind % 2].target,
    treasury: TREASURY,
    exitTargetPerUnit: all.exitTargetPerUnit,
    buyOutPerUnit: all.buyOutPerUnit,
    metadataHash: freshId(walk, 'metadata'),
    uri: 'ipfs://first',
  }
}

function announceStep(walk: Walk): Step {
  const { scene, model } = walk
  const projectId = aProject(walk)
  const dao = chance(walk, 8) ? one(walk, [scene.refuser, scene.minter, scene.ledger.target]) : one(walk, scene.daos)
  const notBefore = model.now + NOTICE + (chance(walk, 8) ? -1 : walk.pick(9))
  const deed = () => projects.announceExit(model, projectId, dao, notBefore, NOTICE)
  return officerStep(walk, scene.ledger, 'announceExit', [projectId, dao, notBefore], deed)
}

function batchStep(walk: Walk, projectId: number): Step {
  const { scene, model } = walk
  const left = holdersOf(model, projectId)
  const holders = Array.from({ length: walk.pick(5) }, () =>
    one(walk, chance(walk, 4) ? [...walk.people, ...scene.daos] : [...left, ...scene.daos]),
  )
  const caller = one(walk, walk.people)
  const deed = () => projects.exitBatch(model, caller, projectId, holders)
  return { from: caller, to: scene.ledger, method: 'exitBatch', args: [projectId, holders], deed }
}

function finalizeStep(walk: Walk, projectId: number): Step {
  const deed = () => projects.finalizeExit(walk.model, projectId)
  return { from: one(walk, walk.people), to: walk.scene.ledger, method: 'finalizeExit', args: [projectId], deed }
}
