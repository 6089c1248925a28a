import { expect } from 'chai'
import { ethers, STATE } from '../fixture.ts'
import { isActive } from './accounts.ts'
import { totalOf } from './locks.ts'
import { mintedToday } from './mints.ts'
import { accountOf, holderOfLot, holdersOf, holdingOf, type Model, type Project, show, supplyOf } from './model.ts'
import { dueOf } from './money.ts'
import { movableOf } from './moves.ts'
import { canReceive, canSend } from './rules.ts'
import { view } from './scene.ts'
import type { Walk } from './step.ts'

/** What must hold after every step, of whatever the call named; and of everything, now and then. */

export async function checkTouched(walk: Walk, args: readonly unknown[], told: string): Promise<void> {
  const addresses = args.flat().filter((each): each is string => typeof each === 'string' && each.length === 42)
  const projects = args.flat().filter((each): each is number => typeof each === 'number' && walk.model.projects.has(each))
  for (const projectId of new Set(projects.slice(0, 2))) {
    await checkProject(walk, projectId, told)
    for (const address of new Set(addresses.slice(0, 3))) await checkHolding(walk, projectId, address, told)
  }
}

export async function checkAll(walk: Walk, told: string): Promise<void> {
  const { model, scene } = walk
  await mineNow(walk)
  for (const address of everybody(walk)) await checkAccount(walk, address, told)
  for (const projectId of model.projects.keys()) {
    await checkProject(walk, projectId, told)
    for (const address of everybody(walk)) {
      await checkHolding(walk, projectId, address, told)
      const [due] = await view(scene.ledger, 'claimableOf', [projectId, address])
      expect(due, `${told}: claimable of ${address} in ${projectId}`).to.equal(dueOf(model, projectId, address))
      const [movable] = await view(scene.ledger, 'movableOf', [address, projectId])
      expect(Number(movable), `${told}: movable`).to.equal(movableOf(model, projectId, address))
    }
    await checkHistory(walk, projectId, told)
    checkSums(model, projectId, told)
  }
  await checkLots(walk, told)
  await checkMoney(walk, told)
  await checkInterfaces(walk, told)
  checkOneWalletEach(walk, told)
}

/** What the ledger says it speaks, whatever has happened to it: ERC-165, ERC-1155 with its metadata, ERC-7943; never 0xffffffff. */
const INTERFACES: [string, boolean][] = [
  ['0x01ffc9a7', true],
  ['0xd9b67a26', true],
  ['0x0e89341c', true],
  ['0x41c4fbad', true],
  ['0xffffffff', false],
]

async function checkInterfaces({ scene }: Walk, told: string): Promise<void> {
  for (const [id, isSpoken] of INTERFACES) {
    expect((await view(scene.ledger, 'supportsInterface', [id]))[0], `${told}: interface ${id}`).to.equal(isSpoken)
  }
}

/** Everyone who may hold something. */
export const everybody = ({ people, scene }: Walk) => [...new Set([...people, ...scene.daos, scene.refuser])]

async function checkProject({ scene, model }: Walk, projectId: number, told: string): Promise<void> {
  const project = model.projects.get(projectId)!
  const [shown] = await view(scene.ledger, 'projectOf', [projectId])
  expect(show('', shown), `${told}: project ${projectId}`).to.equal(show('', describe(model, project)))
  const [minted] = await view(scene.ledger, 'mintedToday', [projectId])
  expect(Number(minted), `${told}: minted today in ${projectId}`).to.equal(mintedToday({ ...model, now: await lastTime() }, projectId))
}

async function checkHolding({ scene, model }: Walk, projectId: number, address: string, told: string): Promise<void> {
  const { balance, locks, frozen, claimed, exited, carried } = holdingOf(model, projectId, address)
  const [shown] = await view(scene.ledger, 'holdingOf', [projectId, address])
  const expected = [balance, totalOf(locks), locks.until, locks.watermark, frozen, claimed, exited, carried]
  expect(show('', shown), `${told}: holding of ${address} in ${projectId}`).to.equal(show('', expected))
}

async function checkAccount({ scene, model }: Walk, address: string, told: string): Promise<void> {
  const [shown] = await view(scene.ledger, 'accountOf', [address])
  expect(show('', shown), `${told}: account ${address}`).to.equal(show('', Object.values(accountOf(model, address))))
  const [sends] = await view(scene.ledger, 'canSend', [address])
  const [receives] = await view(scene.ledger, 'canReceive', [address])
  expect([sends, receives], `${told}: rights of ${address}`).to.deep.equal([canSend(model, address), canReceive(model, address)])
}

/** Balances at every epoch, for ever. */
async function checkHistory(walk: Walk, projectId: number, told: string): Promise<void> {
  const { scene, model } = walk
  const epochs = model.epochs.get(projectId) ?? []
  for (const [index, { cumulative, supply, amount, balances }] of epochs.entries()) {
    const [at] = await view(scene.ledger, 'cumulativeAt', [projectId, index + 1])
    const [units] = await view(scene.ledger, 'supplyAt', [projectId, index + 1])
    expect([at, Number(units)], `${told}: epoch ${index + 1} of ${projectId}`).to.deep.equal([cumulative, supply])
    const perUnit = cumulative - (epochs[index - 1]?.cumulative ?? 0n)
    let sum = 0
    for (const address of everybody(walk)) {
      const [balance] = await view(scene.ledger, 'balanceAt', [address, projectId, index + 1])
      expect(Number(balance), `${told}: ${address} at epoch ${index + 1} of ${projectId}`).to.equal(balances.get(address) ?? 0)
      sum += Number(balance)
      // What the epoch gives each holder is the exact share, short by less than two base units.
      const [share, given] = [(amount * balance) / BigInt(supply || 1), (perUnit * balance) >> 64n]
      expect(given <= share && share - given < 2n, `${told}: share of ${address} in epoch ${index + 1} of ${projectId}`).to.equal(true)
    }
    expect(sum, `${told}: balances at epoch ${index + 1} of ${projectId}`).to.equal(supply)
  }
}

async function checkLots({ scene, model }: Walk, told: string): Promise<void> {
  for (const lot of model.lots.values()) {
    const [holder, state] = await view(scene.ledger, 'lotOf', [lot.id])
    expect([holder, Number(state)], `${told}: lot ${lot.id}`).to.deep.equal([holderOfLot(model, lot), lot.state])
    const [receipt] = await view(scene.ledger, 'receiptOf', [lot.id])
    expect(show('', receipt), `${told}: receipt ${lot.id}`).to.equal(show('', [lot.investor, lot.units, lot.projectId, lot.day]))
  }
}

/** The vault has what it owes and hardly more: less than one base unit is lost per epoch, and one per holder each time it is rounded. */
async function checkMoney(walk: Walk, told: string): Promise<void> {
  const { scene, model } = walk
  for (const token of scene.tokens) {
    const held = await view(token, 'balanceOf', [scene.vault.target])
    expect(held[0], `${told}: money`).to.equal(model.money.get(`${token.target} ${scene.vault.target}`) ?? 0n)
    let [owed, lost] = [0n, 0]
    for (const { id } of [...model.projects.values()].filter(({ payoutToken }) => payoutToken === token.target)) {
      for (const address of everybody(walk)) owed += dueOf(model, id, address)
      lost += (model.epochs.get(id)?.length ?? 0) * (1 + everybody(walk).length)
    }
    expect(held[0] >= owed, `${told}: solvency, ${held[0]} for ${owed}`).to.equal(true)
    expect(held[0] - owed <= BigInt(lost), `${told}: dust ${held[0] - owed}`).to.equal(true)
    for (const address of everybody(walk)) {
      const [has] = await view(token, 'balanceOf', [address])
      expect(has, `${told}: money of ${address}`).to.equal(model.money.get(`${token.target} ${address}`) ?? 0n)
    }
  }
}

/** Sums that the model itself must keep to. */
function checkSums(model: Model, projectId: number, told: string): void {
  const project = model.projects.get(projectId)!
  const standing = [...model.lots.values()].filter((lot) => lot.projectId === projectId && lot.state !== 2)
  const supply = standing.reduce((sum, { units }) => sum + units, 0)
  expect(supplyOf(model, projectId), `${told}: supply of ${projectId}`).to.equal(supply)
  expect(supply <= project.cap, `${told}: cap of ${projectId}`).to.equal(true)
  const holders = holdersOf(model, projectId).length
  expect(project.maxHolders === 0 || holders <= project.maxHolders, `${told}: holders of ${projectId}`).to.equal(true)
  if (project.state === STATE.exited && supply > 0) expect(holdersOf(model, projectId)).to.deep.equal([project.exit!.dao])
  for (const [address, { balance, locks, exited }] of model.holdings.get(projectId) ?? []) {
    if (!exited) expect(totalOf(locks) <= balance, `${told}: locked of ${address} in ${projectId}`).to.equal(true)
  }
}

function checkOneWalletEach({ model, people }: Walk, told: string): void {
  for (const investorId of new Set(people.map((address) => accountOf(model, address).investorId))) {
    const active = investorId === 0 ? [] : people.filter((address) => isActive(model, address, investorId))
    expect(active.length <= 1, `${told}: active wallets of investor ${investorId}`).to.equal(true)
  }
}

function describe(model: Model, project: Project): unknown[] {
  return [
    project.state,
    project.cap,
    supplyOf(model, project.id),
    project.epoch,
    holdersOf(model, project.id).length,
    project.maxHolders,
    project.maxHolderBps,
    project.lockDays,
    project.dailyMintCap,
    project.payoutToken,
    project.treasury,
    project.exitTargetPerUnit,
    project.buyOutPerUnit,
    project.rules,
    project.metadataVersion,
    project.metadataFrozen,
    project.metadataHash,
  ]
}

async function mineNow({ model }: Walk): Promise<void> {
  await ethers.provider.send('evm_setNextBlockTimestamp', [`0x${model.now.toString(16)}`])
  await ethers.provider.send('evm_mine', [])
  model.now += 1
}

async function lastTime(): Promise<number> {
  return Number((await ethers.provider.send('eth_getBlockByNumber', ['latest', false])).timestamp)
}
