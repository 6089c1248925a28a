/// <reference types="mocha" />
import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { network } from 'hardhat'

export const { ethers, networkHelpers } = await network.create()

// biome-ignore lint/suspicious/noExplicitAny: ethers gives a contract its methods at run time, from the ABI
export type AnyContract = any
export type Signer = HardhatEthersSigner

export const PROJECT = 7
export const DAY = 86_400
export const NOTICE = 30 * DAY
export const FOREVER = 2 ** 40 - 1
export const ZERO = ethers.ZeroAddress
export const ZERO_HASH = ethers.ZeroHash
/** Where proceeds of sales go in these tests. */
export const TREASURY = '0x00000000000000000000000000000000007eA500'
export const HASH = ethers.id('metadata')

/** States of a project, as in the interface. */
export const STATE = { none: 0, draft: 1, funding: 2, active: 3, paused: 4, exitAnnounced: 5, exiting: 6, exited: 7, closed: 8 } as const
/** Roles of the ledger, as in the interface. */
export const ROLE = {
  none: 0,
  minter: 1,
  paymentAttestor: 2,
  identityAttestor: 3,
  treasurer: 4,
  registrar: 5,
  vault: 6,
  sale: 7,
  governor: 8,
} as const
/** Restriction codes, as in the interface. */
export const CODE = {
  ok: 0,
  paused: 1,
  projectState: 2,
  senderBlocked: 3,
  receiverNotEligible: 4,
  receiverExpired: 5,
  frozen: 6,
  locked: 7,
  holderCap: 8,
  maxBalance: 9,
  country: 10,
  operatorBlocked: 11,
  exitRunning: 12,
  supplyCap: 13,
  receiverRefuses: 14,
  dailyMintCap: 15,
  rulesFailed: 16,
} as const
/** Bits of an account's flags. */
export const FLAG = { send: 1, receive: 2, lockExempt: 4, frozen: 8, retired: 16 } as const
export const BOTH_WAYS = FLAG.send | FLAG.receive
/** States of a lot. */
export const LOT = { open: 0, released: 1, reversed: 2 } as const

/** What the access manager's one operator role may call in these tests; everything else that is guarded is the administrator's. */
export const OPERATOR_CALLS = {
  TerraLuminaOwnership: [
    'createProject',
    'setProjectState',
    'setMetadata',
    'freezeMetadata',
    'pause',
    'setFrozenTokens',
    'forcedTransfer',
    'transferLots',
    'reverseInvestment',
    'announceExit',
    'cancelExit',
    'beginExit',
  ],
  TerraLuminaRegistrar: ['revoke', 'relink'],
  TerraLuminaSale: ['openSale', 'announceEarlyClose', 'abandonSale'],
  TerraLuminaDocuments: ['addDocument'],
} as const
const OPERATOR_ROLE = 1n
export const LEDGER_LIBRARIES = ['Enforcement', 'Exits', 'OwnRules', 'Projects', 'Refusals', 'Relinks', 'Roles', 'Signatures'] as const

export function terms(token: string, changes: Record<string, unknown> = {}) {
  return {
    cap: 1_000_000,
    maxHolders: 0,
    maxHolderBps: 0,
    lockDays: 365,
    dailyMintCap: 1_000_000,
    payoutToken: token,
    treasury: TREASURY,
    exitTargetPerUnit: 0,
    buyOutPerUnit: 0,
    metadataHash: HASH,
    uri: 'ipfs://first',
    ...changes,
  }
}

export function investmentId(name: string | number): string {
  return ethers.id(`investment ${name}`)
}

export async function today(): Promise<number> {
  return Math.floor((await networkHelpers.time.latest()) / DAY)
}

/** The ledger with its linked libraries. Their errors and events are the interface's, so its ABI knows them. */
export async function deployLedger(manager: AnyContract, forwarder: AnyContract, noticeSeconds: number = NOTICE): Promise<AnyContract> {
  const libraries: Record<string, string> = {}
  for (const name of LEDGER_LIBRARIES) libraries[name] = await (await ethers.deployContract(name)).getAddress()
  return ethers.deployContract('TerraLuminaOwnership', [manager, forwarder, noticeSeconds], { libraries })
}

export interface Order {
  investmentId: string
  investor: AnyContract
  units: number | bigint
  unlockDay: number
}

const ORDER_TYPE = [
  { name: 'investmentId', type: 'bytes32' },
  { name: 'investor', type: 'address' },
  { name: 'units', type: 'uint56' },
  { name: 'unlockDay', type: 'uint16' },
]
const VOUCHER_TYPE = [
  { name: 'projectId', type: 'uint24' },
  { name: 'orders', type: 'Order[]' },
  { name: 'deadline', type: 'uint40' },
]

/** `order(1, alice, 10)`: ten units for Alice under {@link investmentId}(1). */
export function order(name: string | number, investor: AnyContract, units: number | bigint, unlockDay = 0): Order {
  return { investmentId: investmentId(name), investor, units, unlockDay }
}

/** A payment attestor's voucher for the orders. */
export async function voucherFor(
  ledger: AnyContract,
  attestor: Signer,
  projectId: number,
  orders: Order[],
  deadline: number = FOREVER,
  domain: Record<string, unknown> = {},
) {
  const { chainId } = await ethers.provider.getNetwork()
  const plain = await Promise.all(orders.map(async (order) => ({ ...order, investor: await ethers.resolveAddress(order.investor) })))
  const signature = await attestor.signTypedData(
    { name: 'TerraLuminaOwnership', version: '1', chainId, verifyingContract: await ledger.getAddress(), ...domain },
    { MintVoucher: VOUCHER_TYPE, Order: ORDER_TYPE },
    { projectId, orders: plain, deadline },
  )
  return { deadline, signature }
}

/** Everything deployed, one signer per role, project 7 active, Alice, Bob and Carol registered, nobody holding anything. */
export async function deployed() {
  const signers = (await ethers.getSigners()) as Signer[]
  const [admin, operator, minter, registry, treasurer, attestor, payments, alice, bob, carol, dave, stranger, seller, elector] =
    signers as [Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer, Signer]
  const token: AnyContract = await ethers.deployContract('TestUsdc')
  const manager: AnyContract = await ethers.deployContract('AccessManager', [admin])
  const forwarder: AnyContract = await ethers.deployContract('TerraLuminaForwarder')
  const ledger = await deployLedger(manager, forwarder)
  const vault: AnyContract = await ethers.deployContract('TerraLuminaVault', [manager, forwarder, ledger, 3 * 365 * DAY])
  const registrar: AnyContract = await ethers.deployContract('TerraLuminaRegistrar', [manager, ledger])
  const sale: AnyContract = await ethers.deployContract('TerraLuminaSale', [manager, forwarder, ledger, 21 * DAY])
  const documents: AnyContract = await ethers.deployContract('TerraLuminaDocuments', [manager, ledger])
  const dao: AnyContract = await ethers.deployContract('CommunityDao', [0, [operator], [ZERO], ZERO])

  const targets = { TerraLuminaOwnership: ledger, TerraLuminaRegistrar: registrar, TerraLuminaSale: sale, TerraLuminaDocuments: documents }
  for (const [name, calls] of Object.entries(OPERATOR_CALLS)) {
    const target: AnyContract = targets[name as keyof typeof targets]
    const selectors = calls.map((call) => target.interface.getFunction(call).selector)
    await manager.connect(admin).setTargetFunctionRole(target, selectors, OPERATOR_ROLE)
  }
  await manager.connect(admin).grantRole(OPERATOR_ROLE, operator, 0)
  for (const [account, role] of [
    [minter, ROLE.minter],
    [payments, ROLE.paymentAttestor],
    [attestor, ROLE.identityAttestor],
    [treasurer, ROLE.treasurer],
    [registry, ROLE.registrar],
    [registrar, ROLE.registrar],
    [vault, ROLE.vault],
    [sale, ROLE.sale],
    [seller, ROLE.sale],
    [elector, ROLE.governor],
  ] as const)
    await ledger.connect(admin).setRole(account, role)
  /** The vault itself, where a test calls the ledger in its place. */
  const cashier: Signer = await ethers.getImpersonatedSigner(await vault.getAddress())
  await networkHelpers.setBalance(cashier.address, 10n ** 20n)
  await vault.connect(admin).setTokenAllowed(token, true)
  await token.mint(treasurer, 10n ** 18n)
  await token.connect(treasurer).approve(vault, 10n ** 18n)

  const createProject = async (projectId: number, changes: Record<string, unknown> = {}) => {
    await ledger.connect(operator).createProject(projectId, terms(await token.getAddress(), changes))
    await ledger.connect(operator).setProjectState(projectId, STATE.active, ZERO_HASH)
  }
  await createProject(PROJECT)
  const setAccount = (account: AnyContract, changes: Record<string, unknown> = {}) =>
    ledger.connect(registry).setAccount(account, { flags: BOTH_WAYS, expiry: FOREVER, country: 276, class: 0, investorId: 0, ...changes })
  for (const account of [alice, bob, carol]) await setAccount(account)

  let minted = 0
  const mint = async (
    investor: AnyContract,
    units: number | bigint,
    {
      projectId = PROJECT,
      unlockDay = 0,
      id = investmentId(`auto ${minted++}`),
    }: { projectId?: number; unlockDay?: number; id?: string } = {},
  ) => {
    const voucher = await voucherFor(ledger, payments, projectId, [{ investmentId: id, investor, units, unlockDay }])
    return ledger.connect(minter).mintInvestment(id, projectId, investor, units, unlockDay, voucher)
  }
  const mintMany = async (orders: Order[], projectId: number = PROJECT, overrides: Record<string, unknown> = {}) =>
    ledger.connect(minter).mintInvestments(projectId, orders, await voucherFor(ledger, payments, projectId, orders), overrides)
  const send = (from: Signer, to: AnyContract, units: number | bigint, projectId: number = PROJECT) =>
    ledger.connect(from).safeTransferFrom(from, to, projectId, units, '0x')
  const holders = async (projectId: number = PROJECT) => (await ledger.projectOf(projectId)).holders
  /** Opens an epoch in the vault's place. */
  const openEpoch = (amount: number | bigint, projectId: number = PROJECT) =>
    ledger.connect(cashier).openEpoch(projectId, amount, treasurer)
  let rounds = 0
  const distribute = (amount: number | bigint, projectId: number = PROJECT) =>
    vault.connect(treasurer).distributeReturns(ethers.id(`round ${rounds++}`), projectId, amount, ZERO_HASH, 'ipfs://report')
  /** Announces and begins the exit of project 7, the notice over. */
  const beginExit = async (to: AnyContract = dao) => {
    await ledger.connect(operator).announceExit(PROJECT, to, (await networkHelpers.time.latest()) + NOTICE + 1000)
    await networkHelpers.time.increase(NOTICE + 1010)
    await ledger.connect(operator).beginExit(PROJECT)
  }
  return {
    signers,
    admin,
    operator,
    minter,
    registry,
    treasurer,
    attestor,
    payments,
    alice,
    bob,
    carol,
    dave,
    stranger,
    seller,
    elector,
    cashier,
    token,
    manager,
    forwarder,
    ledger,
    vault,
    registrar,
    sale,
    documents,
    dao,
    createProject,
    setAccount,
    mint,
    mintMany,
    send,
    holders,
    openEpoch,
    distribute,
    beginExit,
  }
}

/** Seeded and repeatable (mulberry32). */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}
