import { type Address, encodeFunctionData, getContractAddress, zeroAddress } from 'viem'
import { ownershipAbi } from '../abi.ts'
import { LEDGER_ROLES } from './access.ts'
import type { AdminCall } from './administer.ts'
import { type Deployer, openSender } from './deploy-contracts.ts'
import type { Deployment } from './deployment.ts'

export interface GovernorSettings {
  /** Between a decision and its execution. */
  minDelaySeconds: number
  votingDelaySeconds: number
  votingPeriodSeconds: number
  /** Units that a proposer must have. */
  proposalThreshold: bigint
  /** Basis points of the units that must vote for or abstain. */
  quorumBps: number
  /** Stands in the EIP-712 domain of votes by signature. */
  name: string
}

export interface DeployedGovernor {
  governor: Address
  /** Receives the project's units when it exits: the community DAO. */
  timelock: Address
  /** What the administrator has to do before it can open a vote; see {@link administer}. */
  call: AdminCall
}

/** Deploys a project's own governor and the timelock that acts for it. Nobody else can make the timelock do anything. */
export async function deployGovernor(
  wallet: Deployer,
  deployment: Pick<Deployment, 'ownership'>,
  projectId: number,
  settings: GovernorSettings,
): Promise<DeployedGovernor> {
  const sender = await openSender(wallet)
  const governor = getContractAddress({ from: wallet.account.address, nonce: BigInt(sender.nextNonce() + 1) })
  const timelock = await sender.deploy('contracts/CommunityDao.sol', [
    BigInt(settings.minDelaySeconds),
    [governor],
    [zeroAddress],
    zeroAddress,
  ])
  await sender.deploy('contracts/TerraLuminaGovernor.sol', [
    deployment.ownership,
    projectId,
    timelock,
    settings.votingDelaySeconds,
    settings.votingPeriodSeconds,
    settings.proposalThreshold,
    settings.quorumBps,
    settings.name,
  ])
  await sender.mined()
  const data = encodeFunctionData({ abi: ownershipAbi, functionName: 'setRole', args: [governor, LEDGER_ROLES.Governor] })
  return { governor, timelock, call: { to: deployment.ownership as Address, data } }
}
