/// <reference types="mocha" />
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { artifacts, network } from 'hardhat'

export const { ethers, networkHelpers } = await network.create()
const { time } = networkHelpers

// biome-ignore lint/suspicious/noExplicitAny: ethers gives a contract its methods at run time, from the ABI
export type AnyContract = any
export type Signer = HardhatEthersSigner

export const PROJECT = 7
export const OTHER_PROJECT = 8
export const DAY = 86_400
export const MIN_OPEN = 21 * DAY
export const OPEN = 60 * DAY
export const COOLING_OFF = 4 * DAY
export const CANCEL_BEFORE_CLOSE = 2 * DAY
export const NOTICE = 7 * DAY
export const GRACE = 90 * DAY
export const FOREVER = 2 ** 40 - 1
/** 2.50 in a currency of six decimals. */
export const PRICE = 2_500_000
export const TARGET = 100
export const HARD_CAP = 1_000
export const ZERO = ethers.ZeroAddress
export const ZERO_HASH = ethers.ZeroHash

export const LEDGER_STATE = { draft: 1, funding: 2, active: 3, paused: 4, closed: 8 } as const
export const SALE_STATE = { none: 0, open: 1, succeeded: 2, failed: 3 } as const
export const COMMITMENT_STATE = { none: 0, open: 1, cancelled: 2, settled: 3, refunded: 4 } as const
export const METHOD = { escrow: 0, fiat: 1 } as const
export const ROLE = { none: 0, minter: 1, paymentAttestor: 2, registrar: 5, sale: 7 } as const
export const FLAG = { send: 1, receive: 2, lockExempt: 4, frozen: 8 } as const

type Changes = Record<string, unknown>

export function projectTerms(token: unknown, treasury: unknown, changes: Changes = {}) {
  return {
    cap: 1_000_000,
    maxHolders: 0,
    maxHolderBps: 0,
    lockDays: 365,
    dailyMintCap: 1_000_000,
    payoutToken: token,
    treasury,
    exitTargetPerUnit: 0,
    buyOutPerUnit: 0,
    metadataHash: ethers.id('metadata'),
    uri: 'ipfs://first',
    ...changes,
  }
}

export const salt = (name: string | number) => ethers.id(`salt ${name}`)

/** Deploys a contract with whatever libraries it is linked to. */
async function deployLinked(name: string, args: unknown[] = []): Promise<AnyContract> {
  const artifact = await artifacts.readArtifact(name)
  const libraries: Record<string, string> = {}
  for (const names of Object.values(artifact.linkReferences))
    for (const library of Object.keys(names)) libraries[library] = await (await deployLinked(library)).getAddress()
  return ethers.deployContract(name, args as never, { libraries } as never)
}

/** The ledger and the sale, one signer per role, project 7 in draft, Alice, Bob and Carol registered and with money. */
export async function deployed() {
  const signers = (await ethers.getSigners()) as Signer[]
  const [admin, minter, attestor, registry, treasury, alice, bob, carol, stranger] = signers as [
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
    Signer,
  ]
  const currency: AnyContract = await ethers.deployContract('TestUsdc')
  const manager: AnyContract = await ethers.deployContract('AccessManager', [admin])
  const forwarder: AnyContract = await ethers.deployContract('TerraLuminaForwarder')
  const ledger = await deployLinked('TerraLuminaOwnership', [manager, forwarder, 30 * DAY])
  const sale: AnyContract = await ethers.deployContract('TerraLuminaSale', [manager, forwarder, ledger, MIN_OPEN])
  await ledger.setRole(minter, ROLE.minter)
  await ledger.setRole(attestor, ROLE.paymentAttestor)
  await ledger.setRole(registry, ROLE.registrar)
  await ledger.setRole(sale, ROLE.sale)

  let investors = 0
  const setAccount = (account: unknown, changes: Changes = {}) =>
    ledger.connect(registry).setAccount(account, {
      flags: FLAG.send | FLAG.receive,
      expiry: FOREVER,
      country: 276,
      class: 0,
      investorId: ++investors,
      ...changes,
    })
  const fund = async (account: Signer, token: AnyContract = currency) => {
    await token.mint(account, 10n ** 12n)
    await token.connect(account).approve(sale, ethers.MaxUint256)
  }
  for (const account of [alice, bob, carol]) {
    await setAccount(account)
    await fund(account)
  }
  const createProject = (projectId: number, changes: Changes = {}) =>
    ledger.createProject(projectId, projectTerms(currency, treasury, changes))
  await createProject(PROJECT)

  /** Terms of a sale that opens in a minute. */
  const saleTerms = async (changes: Changes = {}) => {
    const opensAt = (await time.latest()) + 60
    return {
      currency: await currency.getAddress(),
      pricePerUnit: PRICE,
      targetUnits: TARGET,
      hardCapUnits: HARD_CAP,
      maxFiatUnits: HARD_CAP,
      maxUnitsPerInvestor: 0,
      unlockDays: 365,
      opensAt,
      closesAt: opensAt + OPEN,
      coolingOffSeconds: COOLING_OFF,
      ...changes,
    }
  }
  /** Opens a sale and waits for its first second. */
  const open = async (changes: Changes = {}, projectId = PROJECT) => {
    const terms = await saleTerms(changes)
    await sale.openSale(projectId, terms)
    await time.increaseTo(terms.opensAt)
    return terms
  }
  let salts = 0
  /** Commits and gives the investment's id. */
  const commit = async (buyer: Signer, units: number | bigint, projectId = PROJECT): Promise<string> => {
    const chosen = salt(`auto ${salts++}`)
    await sale.connect(buyer).commit(projectId, units, chosen)
    return sale.investmentIdOf(projectId, buyer, chosen)
  }
  const domain = async () => ({
    name: 'TerraLuminaSale',
    version: '1',
    chainId: (await ethers.provider.getNetwork()).chainId,
    verifyingContract: await sale.getAddress(),
  })
  const attestCommitment = async (value: Changes, signer: Signer = attestor, domainChanges: Changes = {}) =>
    signer.signTypedData({ ...(await domain()), ...domainChanges }, FIAT_COMMITMENT, value)
  const attestWithdrawal = async (value: Changes, signer: Signer = attestor) => signer.signTypedData(await domain(), FIAT_WITHDRAWAL, value)
  const commitFiat = async (buyer: Signer, units: number, projectId = PROJECT): Promise<string> => {
    const investmentId = ethers.id(`fiat ${salts++}`)
    const signature = await attestCommitment({ projectId, investmentId, buyer: buyer.address, units, deadline: FOREVER })
    await sale.connect(minter).commitFiat(projectId, investmentId, buyer, units, FOREVER, signature)
    return investmentId
  }
  const withdrawFiat = async (investmentId: string) =>
    sale.withdrawFiat(investmentId, FOREVER, await attestWithdrawal({ investmentId, deadline: FOREVER }))
  /** Lets every right to cancel run out and decides the sale. */
  const finalize = async (projectId = PROJECT) => {
    const at = Number((await sale.saleOf(projectId)).finalizableAt)
    if ((await time.latest()) < at) await time.increaseTo(at)
    await sale.finalize(projectId)
  }
  return {
    signers,
    admin,
    minter,
    attestor,
    registry,
    treasury,
    alice,
    bob,
    carol,
    stranger,
    currency,
    manager,
    forwarder,
    ledger,
    sale,
    setAccount,
    fund,
    createProject,
    saleTerms,
    open,
    commit,
    domain,
    attestCommitment,
    attestWithdrawal,
    commitFiat,
    withdrawFiat,
    finalize,
  }
}

export const FIAT_COMMITMENT = {
  FiatCommitment: [
    { name: 'projectId', type: 'uint24' },
    { name: 'investmentId', type: 'bytes32' },
    { name: 'buyer', type: 'address' },
    { name: 'units', type: 'uint56' },
    { name: 'deadline', type: 'uint40' },
  ],
}
export const FIAT_WITHDRAWAL = {
  FiatWithdrawal: [
    { name: 'investmentId', type: 'bytes32' },
    { name: 'deadline', type: 'uint40' },
  ],
}

/** {@link deployed} with the sale of project 7 open. */
export async function onSale() {
  const world = await deployed()
  return { ...world, terms: await world.open() }
}

/** A sale that succeeded: Alice 60 and Bob 40 in escrow, Carol 20 in fiat, nothing settled. */
export async function succeeded() {
  const world = await onSale()
  const ids = [await world.commit(world.alice, 60), await world.commit(world.bob, 40), await world.commitFiat(world.carol, 20)]
  await world.finalize()
  return { ...world, ids }
}

/** A sale that failed: Alice 60 and Bob 30 in escrow, Carol 9 in fiat. */
export async function failed() {
  const world = await onSale()
  const ids = [await world.commit(world.alice, 60), await world.commit(world.bob, 30), await world.commitFiat(world.carol, 9)]
  await world.finalize()
  return { ...world, ids }
}
