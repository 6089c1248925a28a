import { type Address, BaseError, decodeFunctionData, type Hash, type Hex } from 'viem'
import { ownershipAbi, registrarAbi } from '../../common/abi.ts'
import { explainRevert, type Refusal, revertDataOf } from '../../common/chain-errors.ts'
import type { Engine } from './engine.ts'
import type { Intent, Location } from './intents.ts'
import { askOne } from './nodes.ts'
import { decodeMint } from './voucher.ts'

/**
 * Whether the chain already shows what the intent wants: `done`, `not-done`, or `conflict` when the investment id was used with
 * other arguments. A noop and an anchor leave nothing to look at: they are never done before their nonce is used.
 */
export async function readDone(engine: Engine, intent: Intent): Promise<'done' | 'not-done' | 'conflict'> {
  if (intent.kind === 'noop' || intent.kind === 'anchor') return 'not-done'
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

/** What a call failed with, or null when it failed for another cause (network, node). */
export function revertOf(error: unknown): Refusal | null {
  const data = revertDataOf(error)
  if (data !== undefined) {
    const name = `a revert with ${data.slice(0, 10)}`
    return (
      explainRevert(data) ?? { name, args: [], sentence: `The contract refuses this without a reason known here (${data.slice(0, 10)}).` }
    )
  }
  const isRevert = error instanceof BaseError && error.walk((cause) => (cause as Error).name === 'ExecutionRevertedError')
  return isRevert ? { name: error.shortMessage, args: [], sentence: error.shortMessage } : null
}

async function readMinted(engine: Engine, callData: Hex) {
  const { mint } = decodeMint(callData)
  const receipt = await askOne(engine.nodes, (client) =>
    client.readContract({
      address: engine.deployment.ownership as Address,
      abi: ownershipAbi,
      functionName: 'receiptOf',
      args: [mint.investmentId],
    }),
  )
  if (receipt.units === 0n) return 'not-done'
  const isSame =
    receipt.investor.toLowerCase() === mint.investor.toLowerCase() &&
    receipt.units === mint.units &&
    receipt.projectId === mint.projectId &&
    receipt.unlockDay === mint.unlockDay
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
