import { type Abi, type Hex, toFunctionSelector } from 'viem'
import { documentsAbi, ownershipAbi, registrarAbi, saleAbi, vaultAbi } from '../abi.ts'

/** Contracts with functions that the access manager guards. */
export const TARGETS = {
  ownership: ownershipAbi,
  vault: vaultAbi,
  registrar: registrarAbi,
  sale: saleAbi,
  documents: documentsAbi,
} as const satisfies Record<string, Abi>
export type Target = keyof typeof TARGETS

/** Names of functions by contract. */
export type Calls = Partial<Record<Target, readonly string[]>>

/** Members of ITerraLuminaOwnership.Role with their numbers: one per address, for what is called often. */
export const LEDGER_ROLES = {
  Minter: 1,
  PaymentAttestor: 2,
  IdentityAttestor: 3,
  Treasurer: 4,
  Registrar: 5,
  Vault: 6,
  Sale: 7,
  Governor: 8,
} as const
export type LedgerRole = keyof typeof LEDGER_ROLES

export interface OperatorRole {
  /** In the access manager. Never given to another role again. */
  id: bigint
  label: string
  calls: Calls
  /** Between scheduling and doing, so that others can see it come; the pauser may cancel it. 0: at once. */
  delaySeconds: number
}

const DAY = 86_400

/** Rare deeds, by role of the access manager. */
export const OPERATOR_ROLES = {
  projects: { id: 1n, label: 'PROJECTS', calls: { ownership: ['createProject', 'setProjectState'] }, delaySeconds: 0 },
  // An exit has its own notice, in the ledger.
  exits: { id: 2n, label: 'EXITS', calls: { ownership: ['announceExit', 'cancelExit', 'beginExit'] }, delaySeconds: 0 },
  metadata: {
    id: 3n,
    label: 'METADATA',
    calls: { ownership: ['setMetadata', 'freezeMetadata'], documents: ['addDocument'] },
    delaySeconds: 0,
  },
  pauser: { id: 4n, label: 'PAUSER', calls: { ownership: ['pause'] }, delaySeconds: 0 },
  freezer: { id: 5n, label: 'FREEZER', calls: { ownership: ['setFrozenTokens'] }, delaySeconds: 0 },
  // Freezing can't wait; taking can.
  enforcer: {
    id: 6n,
    label: 'ENFORCER',
    calls: { ownership: ['forcedTransfer', 'transferLots', 'reverseInvestment'] },
    delaySeconds: DAY,
  },
  sales: { id: 7n, label: 'SALES', calls: { sale: ['openSale', 'announceEarlyClose', 'abandonSale'] }, delaySeconds: 0 },
  compliance: { id: 8n, label: 'COMPLIANCE', calls: { registrar: ['revoke'] }, delaySeconds: 0 },
  // Besides the identity attestor's signature. Long enough for the owner of a wallet to object.
  relinker: { id: 9n, label: 'RELINKER', calls: { registrar: ['relink'] }, delaySeconds: 2 * DAY },
} as const satisfies Record<string, OperatorRole>
export type OperatorRoleName = keyof typeof OPERATOR_ROLES

/** The administrator of the access manager: a timelock, and nobody else. */
export const ADMIN_ROLE = 0n
/** Granted to everybody by OpenZeppelin's access manager. */
export const PUBLIC_ROLE = 2n ** 64n - 1n

/** What only the administrator may call. The manager would refuse others anyway; here it stands to be read and proven. */
export const ADMIN_CALLS = {
  ownership: ['setRole', 'unpause', 'setDailyMintCap', 'setRules', 'setBlockedCountries'],
  vault: ['setTokenAllowed', 'announceClawback', 'cancelClawback', 'clawback'],
} as const satisfies Calls

/** Accounts with one role of the ledger each. */
export const SERVER_ROLES = {
  minter: 'Minter',
  paymentAttestor: 'PaymentAttestor',
  identityAttestor: 'IdentityAttestor',
  treasurer: 'Treasurer',
} as const satisfies Record<string, LedgerRole>

/** Our contracts that have a role of the ledger. */
export const CONTRACT_ROLES = { registrar: 'Registrar', vault: 'Vault', sale: 'Sale' } as const satisfies Partial<
  Record<Target, LedgerRole>
>

/** Everybody who is given something: the administrators propose to the timelock, the others do what their role says. */
export const PARTIES = [
  'administrator',
  ...(Object.keys(OPERATOR_ROLES) as OperatorRoleName[]),
  ...(Object.keys(SERVER_ROLES) as (keyof typeof SERVER_ROLES)[]),
] as const
export type Party = (typeof PARTIES)[number]

/** Where a deed waits: never longer than the administrator's own deeds, so that a local stack, with none, has no waits. */
export function delayOf(role: OperatorRole, adminDelaySeconds: number): number {
  return Math.min(role.delaySeconds, adminDelaySeconds)
}

/** @throws Error when a contract has no such function, or several */
export function selectorsOf(target: Target, names: readonly string[]): Hex[] {
  return names.map((name) => {
    const found = (TARGETS[target] as Abi).filter((item) => item.type === 'function' && item.name === name)
    if (found.length !== 1) throw new Error(`${target} has ${found.length} functions ${name}`)
    return toFunctionSelector(found[0] as never)
  })
}

/** Calls by contract as a list. */
export function callsOf(calls: Calls): { target: Target; names: readonly string[] }[] {
  return Object.entries(calls).map(([target, names]) => ({ target: target as Target, names }))
}
