import { type Address, type PublicClient, parseAbi, parseEventLogs } from 'viem'
import type { Deployment } from '../../common/node/deployment.ts'

/** Everybody and everything that was ever given a role, as the logs tell it. What holds now has to be asked. */
export interface RoleHistory {
  managerMembers: { roleId: bigint; account: Address }[]
  guarded: { target: Address; selector: `0x${string}` }[]
  ledgerMembers: Address[]
  timelockMembers: { role: `0x${string}`; account: Address }[]
}

// OpenZeppelin's AccessManager and AccessControl have events of one name that differ in their arguments only.
const MANAGER = parseAbi([
  'event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)',
  'event TargetFunctionRoleUpdated(address indexed target, bytes4 selector, uint64 indexed roleId)',
])
const TIMELOCK = parseAbi(['event RoleGranted(bytes32 indexed role, address indexed account, address indexed sender)'])
const LEDGER = parseAbi(['event RoleSet(address indexed account, uint8 role)'])

/** Reads from the deployment's first block to `toBlock`. */
export async function readRoleHistory(client: PublicClient, deployment: Deployment, toBlock: bigint): Promise<RoleHistory> {
  const logs = await logsOf(
    client,
    [deployment.accessManager, deployment.timelock, deployment.ownership] as Address[],
    BigInt(deployment.startBlock),
    toBlock,
  )
  const of = (address: string) => logs.filter((log) => log.address.toLowerCase() === address)
  const manager = parseEventLogs({ abi: MANAGER, logs: of(deployment.accessManager) })
  return {
    managerMembers: manager.flatMap((log) =>
      log.eventName === 'RoleGranted' ? [{ roleId: log.args.roleId, account: log.args.account }] : [],
    ),
    guarded: manager.flatMap((log) =>
      log.eventName === 'TargetFunctionRoleUpdated' ? [{ target: log.args.target, selector: log.args.selector }] : [],
    ),
    ledgerMembers: parseEventLogs({ abi: LEDGER, logs: of(deployment.ownership) }).map(({ args }) => args.account),
    timelockMembers: parseEventLogs({ abi: TIMELOCK, logs: of(deployment.timelock) }).map(({ args: { role, account } }) => ({
      role,
      account,
    })),
  }
}

/** Nodes limit how many blocks or logs they give at once, each differently: a range that is refused is halved. */
async function logsOf(client: PublicClient, address: Address[], fromBlock: bigint, toBlock: bigint) {
  const logs: Awaited<ReturnType<typeof client.getLogs>> = []
  let size = toBlock - fromBlock + 1n
  for (let from = fromBlock; from <= toBlock; ) {
    const to = from + size - 1n < toBlock ? from + size - 1n : toBlock
    const part = await client.getLogs({ address, fromBlock: from, toBlock: to }).catch((cause) => {
      if (size === 1n) throw cause
      return undefined
    })
    if (part === undefined) {
      size = (size + 1n) / 2n
      continue
    }
    logs.push(...part)
    from = to + 1n
    size *= 2n
  }
  return logs
}
