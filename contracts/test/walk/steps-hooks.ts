import { type AnyContract, ethers, STATE } from '../fixture.ts'
import { addDocument } from './documents.ts'
import { emit, type Model, put, Refusal } from './model.ts'
import * as money from './money.ts'
import { release } from './moves.ts'
import { aHolder, aProject, chance, freshId, type MakeStep, officerStep, one, type Walk } from './step.ts'

/** What receivers do in the middle of what they receive; and documents. */

interface Hook {
  target: AnyContract
  method: string
  args: readonly unknown[]
  deed: (model: Model) => void
}

/** Tells a receiver what to call whenever it is called, until it is told otherwise. */
export const armStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const receiver = one(walk, scene.hooks)
  const from = one(walk, walk.people)
  if (chance(walk, 5)) return { from, to: receiver, method: 'disarm', args: [], deed: () => void model.armed.delete(receiver.target) }
  const { target, method, args, deed } = aHook(walk, receiver.target)
  const data = target.interface.encodeFunctionData(method, args)
  const arm = () => void model.armed.set(receiver.target, () => deed(model))
  return { from, to: receiver, method: 'arm', args: [target.target, data], deed: arm }
}

export const documentStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk, [STATE.draft, STATE.active])
  const kind = ethers.encodeBytes32String(one(walk, ['prospectus', 'report', '', 'plan']))
  const known = [...model.documents.values()].at(-1)?.at(-1)
  const hash = known && chance(walk, 3) ? known.hash : freshId(walk, 'document')
  const uri = known && chance(walk, 3) ? known.uri : chance(walk, 12) ? '' : `ipfs://${walk.counter}`
  const deed = () => addDocument(model, projectId, kind, hash, uri)
  return officerStep(walk, scene.documents, 'addDocument', [projectId, kind, hash, uri], deed)
}

/** The ledger is closed while it calls a receiver; the vault, lots and approvals are open, and theirs is done at once. */
function aHook(walk: Walk, self: string): Hook {
  const { scene, model } = walk
  const { ledger, vault } = scene
  const projectId = aProject(walk, [STATE.active, STATE.exitAnnounced, STATE.exiting])
  const [holder, other] = [aHolder(walk, projectId), one(walk, walk.people)]
  const lots = [...model.lots.keys()].filter(() => chance(walk, 40)).slice(0, 3)
  const closed = () => {
    throw new Refusal('ReentrancyGuardReentrantCall')
  }
  const open: Hook[] = [
    {
      target: vault,
      method: 'claimFor',
      args: [projectId, holder],
      deed: (present) => {
        if (present.settings.get('vaultBusy')) closed()
        money.claim(present, vault.target, holder, [projectId])
      },
    },
    {
      target: vault,
      method: 'setPayoutAddress',
      args: [other],
      deed: (present) => money.setPayoutAddress(present, vault.target, self, other),
    },
    {
      target: ledger,
      method: 'setApprovalForAll',
      args: [other, true],
      deed: (present) => {
        put(present, present.approvals, `${self} ${other}`, true)
        emit(present, 'ApprovalForAll', self, other, true)
      },
    },
    { target: ledger, method: 'release', args: [lots], deed: (present) => release(present, lots) },
  ]
  const shut = [
    ['safeTransferFrom', [self, other, projectId, 1, '0x']],
    ['safeBatchTransferFrom', [self, other, [projectId], [1], '0x']],
    ['moveHoldings', [[...model.successors.keys()][0] ?? other, [projectId]]],
    ['exitBatch', [projectId, [holder]]],
    ['finalizeExit', [projectId]],
  ] as const
  return one(walk, [...open, ...shut.map(([method, args]): Hook => ({ target: ledger, method, args, deed: closed }))])
}
