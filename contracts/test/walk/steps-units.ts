import { STATE, ZERO } from '../fixture.ts'
import { type Asked, mintMany, mintOne, mintSettled, type Signed } from './mints.ts'
import { emit, holdersOf, put, Refusal, today } from './model.ts'
import { type Entry, forcedTransfer, release, reverse, setFrozen, transfer, transferBatch, transferLots } from './moves.ts'
import { canReceive, canSend } from './rules.ts'
import { aHolder, aProject, chance, freshId, holderStep, type MakeStep, officerStep, one, type Step, someUnits, type Walk } from './step.ts'

/** Mints, transfers, approvals, enforcement. */

const OPEN = [STATE.active, STATE.exitAnnounced]
const VOUCHER = {
  MintVoucher: [
    { name: 'projectId', type: 'uint24' },
    { name: 'orders', type: 'Order[]' },
    { name: 'deadline', type: 'uint40' },
  ],
  Order: [
    { name: 'investmentId', type: 'bytes32' },
    { name: 'investor', type: 'address' },
    { name: 'units', type: 'uint56' },
    { name: 'unlockDay', type: 'uint16' },
  ],
}
const PERMIT = {
  PermitForAll: [
    { name: 'owner', type: 'address' },
    { name: 'operator', type: 'address' },
    { name: 'approved', type: 'bool' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
}

export const mintOneStep: MakeStep = async (walk) => {
  const projectId = aProject(walk)
  return mintStep(walk, projectId, [anOrder(walk)], true)
}

export const mintManyStep: MakeStep = (walk) => mintStep(walk, aProject(walk), someOrders(walk), false)

export const mintSettledStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk)
  const list = someOrders(walk)
  const args = [projectId, list.map(orderOf)]
  return {
    from: scene.seller,
    to: scene.ledger,
    method: 'mintSettled',
    args,
    deed: () => mintSettled(model, scene.seller, projectId, list),
  }
}

/** The same again, or with one thing altered. */
export const replayStep: MakeStep = (walk) => {
  const lots = [...walk.model.lots.values()]
  if (lots.length === 0) return null
  const { id, projectId, investor, units, day } = one(walk, lots)
  const same: Asked = { id, investor, units, day }
  const altered = [{ investor: one(walk, walk.people) }, { units: units + 1 }, { day: day + 1 }, { units: 0 }]
  const asked = chance(walk, 2) ? same : { ...same, ...one(walk, altered) }
  return mintStep(walk, chance(walk, 6) ? aProject(walk) : projectId, [asked], chance(walk, 2))
}

export const transferStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk, OPEN)
  const from = aSender(walk, projectId)
  const to = aReceiver(walk, from)
  const operator = anOperator(walk, from)
  const units = someUnits(walk, projectId, from)
  const deed = () => transfer(model, operator, from, to, [projectId, units])
  const step = holderStep(walk, operator, scene.ledger, 'safeTransferFrom', [from, to, projectId, units, '0x'], deed)
  return { ...step, question: [operator, from, to, projectId, units] }
}

export const transferBatchStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const from = aSender(walk, aProject(walk, OPEN))
  const to = aReceiver(walk, from)
  const operator = anOperator(walk, from)
  const entries: Entry[] = []
  for (let i = walk.pick(5); i > 0; i--) {
    const projectId = entries.length > 0 && chance(walk, 2) ? entries[0]![0] : aProject(walk, OPEN)
    entries.push([projectId, Math.floor(someUnits(walk, projectId, from) / (1 + walk.pick(3)))])
  }
  const lists = [entries.map(([id]) => id), entries.map(([, units]) => units)]
  const deed = () => transferBatch(model, operator, from, to, entries)
  return holderStep(walk, operator, scene.ledger, 'safeBatchTransferFrom', [from, to, ...lists, '0x'], deed)
}

export const approveStep: MakeStep = (walk) => {
  const { scene } = walk
  const [owner, operator, approved] = [one(walk, walk.people), one(walk, walk.people), !chance(walk, 3)]
  const deed = () => approve(walk, owner, operator, approved)
  return holderStep(walk, owner, scene.ledger, 'setApprovalForAll', [operator, approved], deed)
}

export const permitStep: MakeStep = async (walk) => {
  const { scene, model, keys } = walk
  const owner = one(walk, [...keys.keys()])
  const [operator, approved] = [one(walk, walk.people), !chance(walk, 3)]
  const deadline = model.now + (chance(walk, 10) ? -1 : 100)
  const nonce = model.nonces.get(owner) ?? 0
  const signedNonce = chance(walk, 8) ? nonce + 1 : nonce
  const domain = { name: 'TerraLuminaOwnership', version: '1', chainId: scene.chainId, verifyingContract: scene.ledger.target }
  const signature = await keys.get(owner).signTypedData(domain, PERMIT, { owner, operator, approved, nonce: signedNonce, deadline })
  const deed = () => {
    if (model.now > deadline) throw new Refusal('SignatureExpired', deadline)
    if (signedNonce !== nonce) throw new Refusal('InvalidPermit', owner)
    put(model, model.nonces, owner, nonce + 1)
    emit(model, 'NonceUsed', owner, nonce)
    approve(walk, owner, operator, approved)
  }
  return {
    from: one(walk, walk.people),
    to: scene.ledger,
    method: 'permitForAll',
    args: [owner, operator, approved, deadline, signature],
    deed,
  }
}

export const freezeStep: MakeStep = (walk) => {
  const projectId = aProject(walk, OPEN)
  const holder = aHolder(walk, projectId)
  const units = chance(walk, 3) ? 0 : chance(walk, 6) ? 2 ** 50 : someUnits(walk, projectId, holder)
  const deed = () => setFrozen(walk.model, holder, projectId, units)
  return officerStep(walk, walk.scene.ledger, 'setFrozenTokens', [holder, projectId, units], deed)
}

export const forcedStep: MakeStep = (walk) => {
  const { scene, model } = walk
  const projectId = aProject(walk, [...OPEN, STATE.paused])
  const from = aHolder(walk, projectId)
  const to = aReceiver(walk, from)
  const units = someUnits(walk, projectId, from)
  const deed = () => forcedTransfer(model, scene.admin, from, to, projectId, units)
  return officerStep(walk, scene.ledger, 'forcedTransfer', [from, to, projectId, units], deed)
}

export const transferLotsStep: MakeStep = (walk) => {
  const ids = someLots(walk)
  const to = one(walk, walk.people)
  const reason = freshId(walk, 'reason')
  const deed = () => transferLots(walk.model, walk.scene.admin, ids, to, reason)
  return officerStep(walk, walk.scene.ledger, 'transferLots', [ids, to, reason], deed)
}

export const releaseStep: MakeStep = (walk) => {
  const due = [...walk.model.lots.values()].filter(({ day, state }) => day !== 0 && day <= today(walk.model) && state === 0)
  const ids =
    chance(walk, 4) || due.length === 0
      ? someLots(walk)
      : due
          .filter(() => chance(walk, 2))
          .map(({ id }) => id)
          .slice(0, 200)
  return { from: one(walk, walk.people), to: walk.scene.ledger, method: 'release', args: [ids], deed: () => release(walk.model, ids) }
}

export const reverseStep: MakeStep = (walk) => {
  const [id] = someLots(walk)
  const reason = freshId(walk, 'reason')
  const deed = () => reverse(walk.model, walk.scene.admin, id!, reason)
  return id ? officerStep(walk, walk.scene.ledger, 'reverseInvestment', [id, reason], deed) : null
}

async function mintStep(walk: Walk, projectId: number, list: Asked[], isSingle: boolean): Promise<Step> {
  const { scene, model } = walk
  const isForThis = list.length === 0 || !chance(walk, 25)
  const key = chance(walk, 25) ? scene.identity : scene.payments
  const signed: Signed = { signer: key.address, deadline: model.now + (chance(walk, 25) ? -1 : walk.pick(50)), isForThis }
  const domain = { name: 'TerraLuminaOwnership', version: '1', chainId: scene.chainId, verifyingContract: scene.ledger.target }
  const orders = list.map(orderOf)
  const value = { projectId, orders: isForThis ? orders : [...orders, ...orders], deadline: signed.deadline }
  const voucher = { deadline: signed.deadline, signature: await key.signTypedData(domain, VOUCHER, value) }
  const from = scene.minter
  if (!isSingle) {
    const deed = () => mintMany(model, from, projectId, list, signed)
    return { from, to: scene.ledger, method: 'mintInvestments', args: [projectId, orders, voucher], deed }
  }
  const { id, investor, units, day } = list[0]!
  const deed = () => mintOne(model, from, projectId, list[0]!, signed)
  return { from, to: scene.ledger, method: 'mintInvestment', args: [id, projectId, investor, units, day, voucher], deed }
}

function anOrder(walk: Walk): Asked {
  const day = chance(walk, 2) ? 0 : today(walk.model) + one(walk, [-3, 0, 1, 5, 20, 40, 365])
  const units = chance(walk, 20) ? 1 + walk.pick(9_000) : 1 + walk.pick(300)
  return { id: freshId(walk, 'investment'), investor: chance(walk, 15) ? walk.scene.refuser : one(walk, walk.people), units, day }
}

function someOrders(walk: Walk): Asked[] {
  const list = Array.from({ length: walk.pick(6) }, () => anOrder(walk))
  return chance(walk, 4) && list.length > 0 ? [...list, list[0]!] : list
}

function orderOf({ id, investor, units, day }: Asked) {
  return { investmentId: id, investor, units, unlockDay: day }
}

function someLots(walk: Walk): string[] {
  const ids = [...walk.model.lots.keys()]
  const list = Array.from({ length: ids.length === 0 ? 0 : 1 + walk.pick(2) }, () => one(walk, ids))
  return chance(walk, 30) ? [...list, freshId(walk, 'unknown')] : list
}

/** Mostly one who may send. */
function aSender(walk: Walk, projectId: number): string {
  const senders = holdersOf(walk.model, projectId).filter((address) => walk.people.includes(address) && canSend(walk.model, address))
  return senders.length > 0 && !chance(walk, 4) ? one(walk, senders) : aHolder(walk, projectId)
}

function aReceiver(walk: Walk, from: string): string {
  if (chance(walk, 15)) return from
  if (chance(walk, 20)) return one(walk, [walk.scene.refuser, ZERO, ...walk.scene.daos])
  const eligible = walk.people.filter((address) => canReceive(walk.model, address))
  return eligible.length > 0 && !chance(walk, 4) ? one(walk, eligible) : one(walk, walk.people)
}

function anOperator(walk: Walk, from: string): string {
  if (!chance(walk, 4)) return from
  const approved = walk.people.filter((operator) => walk.model.approvals.get(`${from} ${operator}`))
  return approved.length > 0 ? one(walk, approved) : one(walk, walk.people)
}

function approve({ model }: Walk, owner: string, operator: string, approved: boolean): void {
  put(model, model.approvals, `${owner} ${operator}`, approved)
  emit(model, 'ApprovalForAll', owner, operator, approved)
}
