import { type Address, BaseError, decodeErrorResult, decodeFunctionData, encodeFunctionData, type Hash, type Hex, isHex } from 'viem'
import { ownershipAbi, registrarAbi } from '../../common/abi.ts'
import type { Engine } from './engine.ts'
import type { Intent, Location } from './intents.ts'
import { askOne } from './nodes.ts'

/** What mintInvestment is called with; the receipt on chain says the same. */
export interface MintArguments {
  investmentId: Hash
  projectId: number
  investor: Address
  units: bigint
  /** First day since 1970 on which the units may move; 0 for no lock-up. */
  unlockDay: number
}

export function encodeMint({ investmentId, projectId, investor, units, unlockDay }: MintArguments): Hex {
  return encodeFunctionData({
    abi: ownershipAbi,
    functionName: 'mintInvestment',
    args: [investmentId, projectId, investor, units, unlockDay],
  })
}

/**
 * Whether the chain already shows what the intent wants: `done`, `not-done`, or `conflict` when the investment id was used with
 * other arguments. A noop is never done before its nonce is used.
 */
export async function readDone(engine: Engine, intent: Intent): Promise<'done' | 'not-done' | 'conflict'> {
  if (intent.kind === 'noop') return 'not-done'
  return intent.kind === 'mint' ? readMinted(engine, intent.callData) : readRegistered(engine, intent.callData)
}

/** Where the chain shows it, or null when no event says so (yet). The mirror is asked first: it needs no wide log range. */
export async function locateDone(engine: Engine, intent: Intent): Promise<Location | null> {
  const mirrored = await engine.pool.query<{ txHash: Hash; blockNumber: string; blockHash: Hash }>(
    intent.kind === 'mint'
      ? `select r.tx_hash as "txHash", r.block_number as "blockNumber", b.block_hash as "blockHash"
         from chain.receipt r join chain.block b using (block_number) where r.investment_id = $1`
      : `select a.tx_hash as "txHash", a.block_number as "blockNumber", b.block_hash as "blockHash"
         from chain.account_set a join chain.block b using (block_number) where a.account = $1
         order by a.block_number desc, a.log_index desc limit 1`,
    [intent.kind === 'mint' ? intent.subject : intent.wallet],
  )
  const row = mirrored.rows[0]
  if (row) return { ...row, blockNumber: BigInt(row.blockNumber) }
  const log = await askOne(engine.nodes, async (client) => {
    const logs = await client.getContractEvents({
      address: engine.deployment.ownership as Address,
      abi: ownershipAbi,
      fromBlock: BigInt(engine.deployment.startBlock),
      ...(intent.kind === 'mint'
        ? { eventName: 'InvestmentMinted', args: { investmentId: intent.subject } }
        : { eventName: 'AccountSet', args: { account: intent.wallet as Address } }),
    })
    return logs.at(-1)
  })
  return log ? { txHash: log.transactionHash, blockNumber: log.blockNumber, blockHash: log.blockHash } : null
}

/** Gas the intent's call takes now. @throws an error that `revertOf` reads when it would revert */
export async function estimateGas(engine: Engine, intent: Intent): Promise<bigint> {
  return askOne(engine.nodes, (client) =>
    client.estimateGas({ account: engine.minter.address, to: intent.toAddress, data: intent.callData }),
  )
}

/** The custom error a call failed with, or null when it failed for another cause (network, node). */
export function revertOf(error: unknown): { name: string; args: readonly unknown[] } | null {
  if (!(error instanceof BaseError)) return null
  const withData = error.walk(
    (cause) => isHex((cause as { data?: unknown }).data) || isHex((cause as { data?: { data?: unknown } }).data?.data),
  )
  if (!withData) {
    return error.walk((cause) => (cause as Error).name === 'ExecutionRevertedError') ? { name: error.shortMessage, args: [] } : null
  }
  const { data } = withData as unknown as { data: Hex | { data: Hex } }
  const bytes = typeof data === 'string' ? data : data.data
  try {
    const { errorName, args } = decodeErrorResult({ abi: [...ownershipAbi, ...registrarAbi], data: bytes })
    return { name: errorName, args: (args as readonly unknown[] | undefined) ?? [] }
  } catch {
    return { name: `a revert with ${bytes.slice(0, 10)}`, args: [] }
  }
}

async function readMinted(engine: Engine, callData: Hex) {
  const { args } = decodeFunctionData({ abi: ownershipAbi, data: callData })
  const [investmentId, projectId, investor, units, unlockDay] = args as readonly [Hash, number, Address, bigint, number]
  const receipt = await askOne(engine.nodes, (client) =>
    client.readContract({
      address: engine.deployment.ownership as Address,
      abi: ownershipAbi,
      functionName: 'receiptOf',
      args: [investmentId],
    }),
  )
  if (receipt.units === 0n) return 'not-done'
  const isSame =
    receipt.investor.toLowerCase() === investor.toLowerCase() &&
    receipt.units === units &&
    receipt.projectId === projectId &&
    receipt.unlockDay === unlockDay
  return isSame ? 'done' : 'conflict'
}

async function readRegistered(engine: Engine, callData: Hex) {
  const { args } = decodeFunctionData({ abi: registrarAbi, data: callData })
  const [wanted] = args as readonly [
    { account: Address; flags: number; expiry: number; country: number; class: number; investorId: bigint },
  ]
  const present = await askOne(engine.nodes, (client) =>
    client.readContract({
      address: engine.deployment.ownership as Address,
      abi: ownershipAbi,
      functionName: 'accountOf',
      args: [wanted.account],
    }),
  )
  const isSame =
    present.investorId === wanted.investorId &&
    present.flags === wanted.flags &&
    present.expiry === wanted.expiry &&
    present.country === wanted.country &&
    present.class === wanted.class
  return isSame ? 'done' : 'not-done'
}
