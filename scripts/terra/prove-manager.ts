import { type Address, type Hex, parseAbi } from 'viem'
import { accessManagerAbi } from '../../common/abi.ts'
import {
  ADMIN_CALLS,
  ADMIN_ROLE,
  callsOf,
  delayOf,
  OPERATOR_ROLES,
  type OperatorRole,
  type OperatorRoleName,
  selectorsOf,
  TARGETS,
  type Target,
} from '../../common/node/access.ts'
import { callNames, functionName, labelOf, nameOf, writingSelectors } from './access-names.ts'
import { compare, powerOf, type Scene } from './access-scene.ts'

const MANAGED = parseAbi(['function authority() view returns (address)', 'function trustedForwarder() view returns (address)'])
const roles = Object.entries(OPERATOR_ROLES) as [OperatorRoleName, OperatorRole][]

/** Who is a member of which role of the access manager, after which delay, and who may change that. */
export async function proveManager(scene: Scene): Promise<void> {
  const { ask, deployment, history, proof } = scene
  const manager = <T>(name: string, args: readonly unknown[]) => ask<T>(deployment.accessManager, accessManagerAbi, name, args)
  const expected = new Map<string, number>([[memberKey(ADMIN_ROLE, deployment.timelock), 0]])
  for (const [name, role] of roles) expected.set(memberKey(role.id, deployment.parties[name]), delayOf(role, deployment.adminDelaySeconds))
  for (const { account, role } of deployment.laterGrants ?? []) {
    const known = roles.find(([, { label }]) => role === `manager ${label}`)?.[1]
    if (known) expected.set(memberKey(known.id, account), delayOf(known, deployment.adminDelaySeconds))
  }
  const known = new Set([...expected.keys(), ...history.managerMembers.map(({ roleId, account }) => memberKey(roleId, account))])
  await each(known, async (key) => {
    const [roleId, account] = key.split(' ') as [string, Address]
    // The delay that is coming counts as well: a grant that only begins tomorrow is a grant.
    const [since, delay, pendingDelay] = await manager<[number, number, number, number]>('getAccess', [BigInt(roleId), account])
    const label = labelOf(BigInt(roleId))
    const who = `${label}: ${nameOf(deployment, account) || account}`
    const wanted = expected.get(key)
    compare(
      scene,
      who,
      wanted === undefined ? 'no member' : `member, delay ${wanted} s`,
      since === 0 ? 'no member' : `member, delay ${delay} s`,
    )
    if (since !== 0) compare(scene, `${who}: delay to come`, 0, pendingDelay)
    if (since === 0) return
    proof.powers.push({ ...powerOf(deployment, account, `manager ${label}`), mayCall: callNames(BigInt(roleId)), delaySeconds: delay })
  })
  const roleIds = new Set([...roles.map(([, { id }]) => id), ADMIN_ROLE, ...history.managerMembers.map(({ roleId }) => roleId)])
  await each(roleIds, async (roleId) => {
    const delayed = roles.some(([, role]) => role.id === roleId && role.delaySeconds > 0)
    compare(scene, `${labelOf(roleId)}: role that grants it`, ADMIN_ROLE, await manager('getRoleAdmin', [roleId]))
    compare(
      scene,
      `${labelOf(roleId)}: role that may cancel`,
      delayed ? OPERATOR_ROLES.pauser.id : ADMIN_ROLE,
      await manager('getRoleGuardian', [roleId]),
    )
    compare(scene, `${labelOf(roleId)}: delay of grants`, 0, await manager('getRoleGrantDelay', [roleId]))
  })
}

/** Which role every function that changes something needs: the administrator's unless the matrix says another. */
export async function proveFunctions(scene: Scene): Promise<void> {
  const { ask, deployment, history } = scene
  const expected = new Map<string, bigint>()
  for (const target of Object.keys(TARGETS) as Target[]) {
    for (const selector of writingSelectors(target)) expected.set(functionKey(deployment[target], selector), ADMIN_ROLE)
  }
  for (const { target, selector, role } of guardedFunctions()) expected.set(functionKey(deployment[target], selector), role)
  for (const { target, selector } of history.guarded) {
    const key = functionKey(target, selector)
    if (!expected.has(key)) expected.set(key, ADMIN_ROLE)
  }
  await each(expected, async ([key, role]) => {
    const [target, selector] = key.split(' ') as [Address, Hex]
    compare(
      scene,
      `role of ${functionName(deployment, target, selector)}`,
      labelOf(role),
      labelOf(await ask(deployment.accessManager, accessManagerAbi, 'getTargetFunctionRole', [target, selector])),
    )
  })
}

/** That everybody the logs ever named gets through to exactly what is theirs. */
export async function proveCalls(scene: Scene): Promise<void> {
  const { ask, deployment, history, proof } = scene
  const members = new Map<string, number>(
    proof.powers
      .filter(({ role }) => role.startsWith('manager '))
      .map(({ account, role, delaySeconds }) => [`${role} ${account.toLowerCase()}`, delaySeconds]),
  )
  const named = [...history.managerMembers, ...history.timelockMembers, ...proof.powers].map(({ account }) => account)
  const everybody = new Set([...named, ...history.ledgerMembers].map((one) => one.toLowerCase()))
  await each(everybody, (account) =>
    each(guardedFunctions(), async ({ target, name, selector, role }) => {
      const delay = members.get(`manager ${labelOf(role)} ${account}`)
      const [immediate, waits] = await ask<[boolean, number]>(deployment.accessManager, accessManagerAbi, 'canCall', [
        account,
        deployment[target],
        selector,
      ])
      const wanted = delay === undefined ? 'no' : delay === 0 ? 'at once' : `after ${delay} s`
      const found = immediate ? 'at once' : waits === 0 ? 'no' : `after ${waits} s`
      compare(scene, `${nameOf(deployment, account) || account} calls ${target}.${name}`, wanted, found)
    }),
  )
}

/** Every function that the matrix names, with the role it needs. */
function guardedFunctions(): { target: Target; name: string; selector: Hex; role: bigint }[] {
  return [...roles.map(([, role]) => role), { id: ADMIN_ROLE, calls: ADMIN_CALLS }].flatMap(({ id, calls }) =>
    callsOf(calls).flatMap(({ target, names }) =>
      selectorsOf(target, names).map((selector, index) => ({ target, name: names[index]!, selector, role: id })),
    ),
  )
}

/** That the contracts ask this manager, believe this forwarder, and nobody shut a door. */
export async function proveWiring(scene: Scene): Promise<void> {
  const { ask, deployment } = scene
  await each(Object.keys(TARGETS) as Target[], async (target) => {
    compare(scene, `authority of ${target}`, deployment.accessManager, await ask(deployment[target], MANAGED, 'authority'))
    compare(scene, `${target} closed`, false, await ask(deployment.accessManager, accessManagerAbi, 'isTargetClosed', [deployment[target]]))
    compare(
      scene,
      `admin delay of ${target}`,
      0,
      await ask(deployment.accessManager, accessManagerAbi, 'getTargetAdminDelay', [deployment[target]]),
    )
  })
  for (const part of ['ownership', 'vault', 'sale'] as const)
    compare(scene, `forwarder of ${part}`, deployment.forwarder, await ask(deployment[part], MANAGED, 'trustedForwarder'))
}

function memberKey(roleId: bigint, account: string): string {
  return `${roleId} ${account.toLowerCase()}`
}

function functionKey(target: string, selector: string): string {
  return `${target.toLowerCase()} ${selector}`
}

async function each<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
  await Promise.all([...items].map(work))
}
