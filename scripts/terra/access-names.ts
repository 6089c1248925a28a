import { type Abi, type Address, type Hex, toFunctionSelector, zeroAddress } from 'viem'
import {
  ADMIN_CALLS,
  ADMIN_ROLE,
  callsOf,
  LEDGER_ROLES,
  type LedgerRole,
  OPERATOR_ROLES,
  type OperatorRole,
  PARTIES,
  PUBLIC_ROLE,
  TARGETS,
  type Target,
} from '../../common/node/access.ts'
import type { Deployment } from '../../common/node/deployment.ts'

const roles: OperatorRole[] = Object.values(OPERATOR_ROLES)

/** All names the deployment has for an account. */
export function nameOf(deployment: Deployment, account: string): string {
  if (account === zeroAddress) return 'anybody'
  const is = (other: unknown) => typeof other === 'string' && other.toLowerCase() === account.toLowerCase()
  const parties = PARTIES.filter((party) => is(deployment.parties[party]))
  if (parties.length > 3) return 'operator'
  const parts = ['timelock', 'vault', 'registrar', 'sale'] as const
  return [...parties, ...parts.filter((part) => is(deployment[part]))].join(', ')
}

/** ADMIN, RELINKER …; a role nobody knows by its number. */
export function labelOf(roleId: bigint): string {
  if (roleId === ADMIN_ROLE) return 'ADMIN'
  if (roleId === PUBLIC_ROLE) return 'everybody'
  return roles.find(({ id }) => id === roleId)?.label ?? `role ${roleId}`
}

/** What a role of the access manager lets call. */
export function callNames(roleId: bigint): string[] {
  const calls = roleId === ADMIN_ROLE ? ADMIN_CALLS : (roles.find(({ id }) => id === roleId)?.calls ?? {})
  return callsOf(calls).flatMap(({ target, names }) => names.map((name) => `${target}.${name}`))
}

/** The name of a number of ITerraLuminaOwnership.Role. */
export function ledgerRoleOf(number: number): LedgerRole | 'None' {
  return (Object.entries(LEDGER_ROLES).find(([, value]) => value === number)?.[0] as LedgerRole | undefined) ?? 'None'
}

/** Every function of a contract that is no view. */
export function writingSelectors(target: Target): Hex[] {
  return (TARGETS[target] as Abi)
    .filter((item) => item.type === 'function' && !['view', 'pure'].includes(item.stateMutability))
    .map((item) => toFunctionSelector(item as never))
}

/** vault.claim, or address and selector where nobody knows it. */
export function functionName(deployment: Deployment, address: Address, selector: Hex): string {
  const target = (Object.keys(TARGETS) as Target[]).find((each) => deployment[each].toLowerCase() === address.toLowerCase())
  if (target === undefined) return `${address} ${selector}`
  const item = (TARGETS[target] as Abi).find((each) => each.type === 'function' && toFunctionSelector(each as never) === selector)
  return `${target}.${item && 'name' in item ? item.name : selector}`
}
