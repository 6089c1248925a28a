import type { PublicClient } from 'viem'
import { askOne, max, min, type Nodes } from './nodes.ts'

/** Limits of what a transaction may offer, in wei per gas. */
export interface FeePolicy {
  /** Smallest tip validators take; Polygon asks for 25–30 gwei (PIP-35). */
  tipFloorWei: bigint
  /** Never offered more; at the cap a transaction waits and keeps its nonce. */
  maxFeeCapWei: bigint
}

export interface Fees {
  maxFeePerGas: bigint
  maxPriorityFeePerGas: bigint
}

const HISTORY_BLOCKS = 10

/** What to offer now: the larger of the tip floor and the median tip of late blocks, over twice the base fee. */
export async function readFees(nodes: Nodes, policy: FeePolicy): Promise<Fees> {
  const { baseFee, medianTip } = await askOne(nodes, readMarket)
  return offer(policy, baseFee, medianTip)
}

/** Base fee at most doubles in about 44 full Polygon blocks (1/64 each), so twice the base stays valid for that long. */
export function offer(policy: FeePolicy, baseFee: bigint, medianTip: bigint): Fees {
  const tip = max([medianTip, policy.tipFloorWei])
  return capped(policy, 2n * baseFee + tip, tip)
}

/**
 * The next offer for a transaction that was not taken: both fields raised by an eighth (nodes ask for a tenth), or the market's
 * price when that is higher; null when the cap leaves no room for a replacement that nodes would accept.
 */
export function bump(policy: FeePolicy, last: Fees, market: Fees): Fees | null {
  const raised = (wei: bigint) => (wei * 1125n + 999n) / 1000n
  const next = capped(
    policy,
    max([raised(last.maxFeePerGas), market.maxFeePerGas]),
    max([raised(last.maxPriorityFeePerGas), market.maxPriorityFeePerGas]),
  )
  const isEnough = (now: bigint, before: bigint) => now * 10n >= before * 11n
  return isEnough(next.maxFeePerGas, last.maxFeePerGas) && isEnough(next.maxPriorityFeePerGas, last.maxPriorityFeePerGas) ? next : null
}

function capped(policy: FeePolicy, maxFeePerGas: bigint, maxPriorityFeePerGas: bigint): Fees {
  const fee = min([maxFeePerGas, policy.maxFeeCapWei])
  return { maxFeePerGas: fee, maxPriorityFeePerGas: min([maxPriorityFeePerGas, fee]) }
}

async function readMarket(client: PublicClient): Promise<{ baseFee: bigint; medianTip: bigint }> {
  const history = await client.getFeeHistory({ blockCount: HISTORY_BLOCKS, rewardPercentiles: [50] })
  const tips = (history.reward ?? []).flatMap((block) => block.slice(0, 1)).sort((a, b) => (a < b ? -1 : 1))
  return { baseFee: history.baseFeePerGas.at(-1) ?? 0n, medianTip: tips[Math.floor(tips.length / 2)] ?? 0n }
}
