import { type Address, encodeAbiParameters, type Hex, keccak256 } from 'viem'
import { ownershipAbi, payoutTokenAbi, vaultAbi } from '../../common/abi.ts'
import { formatMinor } from '../../common/money.ts'
import type { Db } from '../../common/node/db.ts'
import type { Deployment } from '../../common/node/deployment.ts'
import type { Ipfs } from '../../common/node/ipfs.ts'
import { CliError } from './cli-error.ts'
import { listHolders, waitMirror } from './mirror.ts'
import type { Progress } from './progress.ts'
import { type Sender, type Sent, send } from './send.ts'

export interface Share {
  holder: Address
  units: bigint
  /** Payout-token base units, rounded down as the contract does; the vault keeps the rest for the next round. */
  amount: bigint
}

export interface DistributionPlan {
  distributionId: Hex
  projectId: number
  amount: bigint
  supply: bigint
  report: { cid: string; sha256: Hex; bytes: number }
  shares: Share[]
  /** What the operator's account has of the payout token. */
  balance: bigint
}

export interface DistributionRequest {
  projectId: number
  /** Payout-token base units. */
  amount: bigint
  report: Uint8Array
  /** Tells two payouts with the same report apart; '' for the usual one payout per report. */
  period: string
}

/** The same report, project and period give the same id: a repeat is recognised by the vault and pays nobody twice. */
export function distributionIdOf(deployment: Pick<Deployment, 'chainId' | 'vault'>, projectId: number, sha256: Hex, period: string): Hex {
  const types = [{ type: 'uint256' }, { type: 'address' }, { type: 'uint24' }, { type: 'bytes32' }, { type: 'string' }] as const
  return keccak256(encodeAbiParameters(types, [BigInt(deployment.chainId), deployment.vault as Address, projectId, sha256, period]))
}

/** What each holder would get of `amount`: the payout per unit in 2^64ths, then the share, each rounded down, as the contract counts. */
export function shareOut(holders: { holder: Address; units: bigint }[], supply: bigint, amount: bigint): Share[] {
  const perUnit = supply === 0n ? 0n : (amount << 64n) / supply
  return holders.map(({ holder, units }) => ({ holder, units, amount: (perUnit * units) >> 64n }))
}

/**
 * Pins the report and works out who would get what, from the mirror at the chain's head.
 * @throws CliError NOT_FOUND, NO_HOLDERS, MIRROR_BEHIND
 */
export async function planDistribution(
  db: Db,
  ipfs: Ipfs,
  sender: Sender,
  deployment: Deployment,
  request: DistributionRequest,
  progress: Progress,
): Promise<DistributionPlan> {
  const { client } = sender
  await waitMirror(db, await client.getBlockNumber({ cacheTime: 0 }), progress)
  const project = { address: deployment.ownership as Address, abi: ownershipAbi } as const
  if (!(await client.readContract({ ...project, functionName: 'exists', args: [BigInt(request.projectId)] }))) {
    throw new CliError('NOT_FOUND', `Project ${request.projectId} is not on chain`, { hint: 'npm run terra -- status' })
  }
  const [supply, balance, holders, report] = await Promise.all([
    client.readContract({ ...project, functionName: 'totalSupply', args: [BigInt(request.projectId)] }),
    client.readContract({
      address: deployment.payoutToken as Address,
      abi: payoutTokenAbi,
      functionName: 'balanceOf',
      args: [sender.account.address],
    }),
    listHolders(db, request.projectId),
    ipfs.pin(request.report),
  ])
  if (supply === 0n) throw new CliError('NO_HOLDERS', `Nobody holds units of project ${request.projectId}, so there is nobody to pay`)
  return {
    distributionId: distributionIdOf(deployment, request.projectId, report.sha256, request.period),
    projectId: request.projectId,
    amount: request.amount,
    supply,
    report,
    shares: shareOut(holders, supply, request.amount),
    balance,
  }
}

/** The epoch in which the vault took this very distribution before; 0 when it has not. */
export async function epochOf(client: Sender['client'], deployment: Deployment, distributionId: Hex): Promise<number> {
  const vault = { address: deployment.vault as Address, abi: vaultAbi } as const
  const [, epoch] = await client.readContract({ ...vault, functionName: 'distributionOf', args: [distributionId] })
  return epoch
}

/**
 * Approves exactly the amount and pays it out, in two transactions. Stopped in between, a second run approves the same
 * amount again and pays once.
 * @throws CliError FUNDS when the operator's account has less than the amount
 */
export async function distribute(sender: Sender, deployment: Deployment, plan: DistributionPlan): Promise<{ approved: Sent; paid: Sent }> {
  requireFunds(sender, deployment, plan)
  const approved = await send(sender, {
    address: deployment.payoutToken as Address,
    abi: payoutTokenAbi,
    functionName: 'approve',
    args: [deployment.vault as Address, plan.amount],
  })
  const paid = await send(sender, {
    address: deployment.vault as Address,
    abi: vaultAbi,
    functionName: 'distributeReturns',
    args: [plan.distributionId, plan.projectId, plan.amount, plan.report.sha256, `ipfs://${plan.report.cid}`],
  })
  return { approved, paid }
}

export function requireFunds(sender: Sender, deployment: Deployment, plan: DistributionPlan): void {
  if (plan.balance >= plan.amount) return
  const show = (amount: bigint) => `${formatMinor(amount, deployment.payoutTokenDecimals)} ${deployment.payoutTokenSymbol}`
  throw new CliError('FUNDS', `${sender.account.address} has ${show(plan.balance)} and this pays out ${show(plan.amount)}`, {
    hint: `send it ${show(plan.amount - plan.balance)} and run the command again`,
  })
}
