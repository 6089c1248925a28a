import {
  ADMIN_ROLE,
  CONTRACT_ROLES,
  callsOf,
  LEDGER_ROLES,
  type LedgerRole,
  OPERATOR_ROLES,
  type OperatorRole,
  type OperatorRoleName,
  type Party,
  SERVER_ROLES,
  selectorsOf,
} from './access.ts'

/** The contracts of one system, in the order in which they are deployed: each needs only earlier ones. */
export const PARTS = [
  'timelock',
  'accessManager',
  'forwarder',
  'ownership',
  'vault',
  'registrar',
  'sale',
  'documents',
  'communityDao',
  'payoutToken',
] as const
export type Part = (typeof PARTS)[number]

/** What a system is deployed with. `Value` is a value, or what stands for one until Ignition knows it. */
export interface Parameters<Value = unknown> {
  /** Pays for the deployment and is administrator until the last step. */
  deployer: Value
  adminDelaySeconds: Value
  minNoticeSeconds: Value
  minClawbackSeconds: Value
  minOpenSeconds: Value
  daoDelaySeconds: Value
  daoProposers: Value
  daoExecutors: Value
}

/** A call that only the administrator may make, or that the access manager makes for him. */
export interface SetUpCall {
  to: Part
  functionName: string
  args: readonly unknown[]
}

type At = Readonly<Record<string, unknown>>
const NOBODY = '0x0000000000000000000000000000000000000000'

/** Source file and constructor arguments of each part, from the addresses of the earlier ones. */
export const RECIPES: Record<Part, { source: string; args: (at: At, values: Parameters, parties: At) => readonly unknown[] }> = {
  timelock: {
    source: '@openzeppelin/contracts/governance/TimelockController.sol',
    // Once its time has come anybody may execute what an administrator proposed. It is its own administrator.
    args: (_, { adminDelaySeconds }, { administrator }) => [adminDelaySeconds, [administrator], [NOBODY], NOBODY],
  },
  accessManager: {
    source: '@openzeppelin/contracts/access/manager/AccessManager.sol',
    args: (_, { deployer }) => [deployer],
  },
  forwarder: { source: 'contracts/TerraLuminaForwarder.sol', args: () => [] },
  ownership: {
    source: 'contracts/TerraLuminaOwnership.sol',
    args: (at, { minNoticeSeconds }) => [at.accessManager, at.forwarder, minNoticeSeconds],
  },
  vault: {
    source: 'contracts/TerraLuminaVault.sol',
    args: (at, { minClawbackSeconds }) => [at.accessManager, at.forwarder, at.ownership, minClawbackSeconds],
  },
  registrar: { source: 'contracts/TerraLuminaRegistrar.sol', args: (at) => [at.accessManager, at.ownership] },
  sale: {
    source: 'contracts/TerraLuminaSale.sol',
    args: (at, { minOpenSeconds }) => [at.accessManager, at.forwarder, at.ownership, minOpenSeconds],
  },
  documents: { source: 'contracts/TerraLuminaDocuments.sol', args: (at) => [at.accessManager, at.ownership] },
  communityDao: {
    source: 'contracts/CommunityDao.sol',
    args: (_, { daoDelaySeconds, daoProposers, daoExecutors }) => [daoDelaySeconds, daoProposers, daoExecutors, NOBODY],
  },
  payoutToken: { source: 'contracts/TestUsdc.sol', args: () => [] },
}

/**
 * Gives every role to its party and the rest to the timelock; afterwards the deployer is nobody. All of it goes into one transaction,
 * the access manager's multicall: there is no time at which half of it holds.
 */
export function setUpCalls(
  at: Readonly<Record<Part, unknown>>,
  parties: Readonly<Record<Party, unknown>>,
  options: { deployer: unknown; delayOf: (role: OperatorRole) => number },
): SetUpCall[] {
  const manager = (functionName: string, args: readonly unknown[]): SetUpCall => ({ to: 'accessManager', functionName, args })
  const roles = Object.entries(OPERATOR_ROLES) as [OperatorRoleName, OperatorRole][]
  const pauser = OPERATOR_ROLES.pauser.id
  const ledgerRole = (account: unknown, role: LedgerRole): SetUpCall => ({
    to: 'ownership',
    functionName: 'setRole',
    args: [account, LEDGER_ROLES[role]],
  })
  return [
    ...roles.flatMap(([name, role]) => [
      manager('labelRole', [role.id, role.label]),
      ...callsOf(role.calls).map(({ target, names }) =>
        manager('setTargetFunctionRole', [at[target], selectorsOf(target, names), role.id]),
      ),
      ...(role.delaySeconds > 0 ? [manager('setRoleGuardian', [role.id, pauser])] : []),
      manager('grantRole', [role.id, parties[name], options.delayOf(role)]),
    ]),
    ...Object.entries(CONTRACT_ROLES).map(([part, role]) => ledgerRole(at[part as Part], role)),
    ...Object.entries(SERVER_ROLES).map(([party, role]) => ledgerRole(parties[party as Party], role)),
    { to: 'vault', functionName: 'setTokenAllowed', args: [at.payoutToken, true] },
    manager('grantRole', [ADMIN_ROLE, at.timelock, 0]),
    manager('renounceRole', [ADMIN_ROLE, options.deployer]),
  ]
}
