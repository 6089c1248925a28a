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
export const HASH = ethers.id('metadata')

/** States of a project, as in the interface. */
export const STATE = { none: 0, draft: 1, active: 2, paused: 3, exitAnnounced: 4, exiting: 5, exited: 6 } as const
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
  exitRunning: 12,
  supplyCap: 13,
  receiverRefuses: 14,
} as const
/** Bits of an account's flags. */
export const FLAG = { send: 1, receive: 2, lockExempt: 4, frozen: 8 } as const
export const BOTH_WAYS = FLAG.send | FLAG.receive

export const LEDGER_ROLES = [
  'PROJECT_ROLE',
  'MINTER_ROLE',
  'REGISTRAR_ROLE',
  'VAULT_ROLE',
  'EXIT_ROLE',
  'PAUSER_ROLE',
  'METADATA_ROLE',
] as const

export function terms(token: string, changes: Record<string, unknown> = {}) {
  return {
    cap: 1_000_000,
    maxHolders: 0,
    lockDays: 365,
    payoutToken: token,
    exitTargetPerUnit: 0,
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

/** Everything deployed, one signer per role, project 7 open, Alice, Bob and Carol registered, nobody holding anything. */
export async function deployed() {
  const signers = await ethers.getSigners()
  const [admin, operator, minter, registry, treasurer, attestor, revoker, alice, bob, carol, dave, stranger] = signers as [
    Signer,
    Signer,
    Signer,
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
  const token: AnyContract = await ethers.deployContract('TestUsdc')
  const ledger: AnyContract = await ethers.deployContract('TerraLuminaOwnership', [admin, NOTICE])
  const vault: AnyContract = await ethers.deployContract('TerraLuminaVault', [admin, ledger])
  const registrar: AnyContract = await ethers.deployContract('TerraLuminaRegistrar', [admin, ledger])
  const dao: AnyContract = await ethers.deployContract('CommunityDao', [0, [operator], [ZERO], ZERO])
  const grant = (contract: AnyContract, role: string, account: AnyContract) => contract.connect(admin).grantRole(ethers.id(role), account)
  for (const role of ['PROJECT_ROLE', 'EXIT_ROLE', 'PAUSER_ROLE', 'METADATA_ROLE']) await grant(ledger, role, operator)
  await grant(ledger, 'MINTER_ROLE', minter)
  await grant(ledger, 'REGISTRAR_ROLE', registry)
  await grant(ledger, 'REGISTRAR_ROLE', registrar)
  await grant(ledger, 'VAULT_ROLE', vault)
  await grant(ledger, 'VAULT_ROLE', treasurer)
  await grant(vault, 'DISTRIBUTOR_ROLE', treasurer)
  await grant(registrar, 'ATTESTOR_ROLE', attestor)
  await grant(registrar, 'REVOKER_ROLE', revoker)
  await token.mint(treasurer, 10n ** 18n)
  await token.connect(treasurer).approve(vault, 10n ** 18n)
  await ledger.connect(operator).createProject(PROJECT, terms(await token.getAddress()))

  const setAccount = (account: AnyContract, changes: Record<string, unknown> = {}) =>
    ledger.connect(registry).setAccount(account, { flags: BOTH_WAYS, expiry: FOREVER, country: 276, class: 0, investorId: 0, ...changes })
  for (const account of [alice, bob, carol]) await setAccount(account)

  let minted = 0
  const mint = (investor: AnyContract, units: number | bigint, changes: { projectId?: number; unlockDay?: number; id?: string } = {}) =>
    ledger
      .connect(minter)
      .mintInvestment(changes.id ?? investmentId(`auto ${minted++}`), changes.projectId ?? PROJECT, investor, units, changes.unlockDay ?? 0)
  const send = (from: Signer, to: AnyContract, units: number | bigint, projectId: number = PROJECT) =>
    ledger.connect(from).safeTransferFrom(from, to, projectId, units, '0x')
  let rounds = 0
  const distribute = (amount: number | bigint, projectId: number = PROJECT) =>
    vault.connect(treasurer).distributeReturns(ethers.id(`round ${rounds++}`), projectId, amount, ZERO_HASH, 'ipfs://report')
  /** Announces and begins the exit of project 7, the notice over. */
  const beginExit = async (to: AnyContract = dao) => {
    await ledger.connect(operator).announceExit(PROJECT, to, (await networkHelpers.time.latest()) + NOTICE + 10)
    await networkHelpers.time.increase(NOTICE + 20)
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
    revoker,
    alice,
    bob,
    carol,
    dave,
    stranger,
    token,
    ledger,
    vault,
    registrar,
    dao,
    setAccount,
    mint,
    send,
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
