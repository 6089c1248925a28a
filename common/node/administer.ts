import { type Address, encodeFunctionData, type Hex, publicActions, zeroHash } from 'viem'
import { accessManagerAbi, communityDaoAbi } from '../abi.ts'
import type { Deployer } from './deploy-contracts.ts'
import type { Deployment } from './deployment.ts'

/** A call of a guarded function. */
export interface AdminCall {
  to: Address
  data: Hex
}

/**
 * Does what only the administrator may: proposes it to the timelock and, when that has no delay (a local stack), executes it.
 * With a delay, the same call again executes it once its time has come; anybody may.
 * @param wallet An administrator: the timelock's proposer
 * @param salt Another one for the same calls a second time
 * @returns Unix second from which it can be executed; undefined when it is done
 */
export async function administer(
  wallet: Deployer,
  { timelock }: Pick<Deployment, 'timelock'>,
  calls: readonly AdminCall[],
  salt: Hex = zeroHash,
): Promise<number | undefined> {
  const client = wallet.extend(publicActions)
  const contract = { address: timelock as Address, abi: communityDaoAbi } as const
  const batch = [calls.map(({ to }) => to), calls.map(() => 0n), calls.map(({ data }) => data), zeroHash, salt] as const
  const send = async (data: Hex) => {
    const hash = await wallet.sendTransaction({ chain: wallet.chain ?? null, to: contract.address, data })
    const { status } = await client.waitForTransactionReceipt({ hash })
    if (status !== 'success') throw new Error(`The timelock refused: transaction ${hash} reverted`)
  }
  const id = await client.readContract({ ...contract, functionName: 'hashOperationBatch', args: batch })
  const readyAt = () => client.readContract({ ...contract, functionName: 'getTimestamp', args: [id] })
  if ((await readyAt()) === 0n) {
    const delay = await client.readContract({ ...contract, functionName: 'getMinDelay' })
    await send(encodeFunctionData({ abi: communityDaoAbi, functionName: 'scheduleBatch', args: [...batch, delay] }))
  }
  const [timestamp, block] = [await readyAt(), await client.getBlock()]
  if (timestamp > block.timestamp) return Number(timestamp)
  // 1 is OpenZeppelin's mark of what is done.
  if (timestamp !== 1n) await send(encodeFunctionData({ abi: communityDaoAbi, functionName: 'executeBatch', args: batch }))
  return undefined
}

/** The call by which the administrator gives an account a role of the access manager. */
export function grantCall(
  deployment: Pick<Deployment, 'accessManager'>,
  roleId: bigint,
  account: Address,
  delaySeconds: number,
): AdminCall {
  return {
    to: deployment.accessManager as Address,
    data: encodeFunctionData({ abi: accessManagerAbi, functionName: 'grantRole', args: [roleId, account, delaySeconds] }),
  }
}
