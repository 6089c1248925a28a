import {
  type Abi,
  BaseError,
  type ContractFunctionName,
  type ContractFunctionParameters,
  ContractFunctionRevertedError,
  encodeFunctionData,
  formatEther,
  type Hex,
  type LocalAccount,
  type PublicClient,
  type TransactionReceipt,
  WaitForTransactionReceiptTimeoutError,
} from 'viem'
import { CliError } from './cli-error.ts'

/** Who signs, and the chain it goes to. */
export interface Sender {
  client: PublicClient
  account: LocalAccount
  chainId: number
}

export interface Sent {
  hash: Hex
  blockNumber: bigint
  receipt: TransactionReceipt
}

type Writes = 'nonpayable'
export type Call<abi extends Abi, name extends ContractFunctionName<abi, Writes>> = ContractFunctionParameters<abi, Writes, name>

/** Generous for a busy public chain; what is mined later is found by running the command again. */
const MINED_WITHIN_MS = 180_000

/**
 * Tries a call, signs it, sends it and waits until it is mined.
 * @throws CliError REFUSED with the contract's own error name and arguments, ROLE, FUNDS, TX_TIMEOUT
 */
export async function send<const abi extends Abi, name extends ContractFunctionName<abi, Writes>>(
  sender: Sender,
  call: Call<abi, name>,
  options: { nonce?: number } = {},
): Promise<Sent> {
  return waitMined(sender, await sendOnly(sender, call, options))
}

/** The same without waiting: for many calls in one block. Without a `nonce` the node's next one is taken. */
export async function sendOnly<const abi extends Abi, name extends ContractFunctionName<abi, Writes>>(
  sender: Sender,
  call: Call<abi, name>,
  options: { nonce?: number } = {},
): Promise<Hex> {
  const gas = await tryCall(sender, call)
  const data = encodeFunctionData(call as never)
  const [fees, nonce] = await Promise.all([
    sender.client.estimateFeesPerGas(),
    options.nonce ?? sender.client.getTransactionCount({ address: sender.account.address, blockTag: 'pending' }),
  ])
  // A fifth more than estimated: another transaction may change what this one finds.
  const gasLimit = (gas * 6n) / 5n
  const [balanceWei, needWei] = [await sender.client.getBalance({ address: sender.account.address }), gasLimit * fees.maxFeePerGas]
  if (balanceWei < needWei) {
    throw new CliError(
      'FUNDS',
      `${sender.account.address} has ${formatEther(balanceWei)} of the chain's coin and this needs up to ${formatEther(needWei)}`,
      {
        hint: 'send it some and run the command again',
      },
    )
  }
  const serializedTransaction = await sender.account.signTransaction({
    type: 'eip1559',
    chainId: sender.chainId,
    to: call.address,
    data,
    gas: gasLimit,
    nonce,
    maxFeePerGas: fees.maxFeePerGas,
    maxPriorityFeePerGas: fees.maxPriorityFeePerGas,
  })
  return sender.client.sendRawTransaction({ serializedTransaction })
}

/** Runs a call without sending it and returns the gas it would use: what --dry-run does. */
export async function tryCall<const abi extends Abi, name extends ContractFunctionName<abi, Writes>>(
  sender: Sender,
  call: Call<abi, name>,
): Promise<bigint> {
  try {
    // Only a simulated call carries the contract's own error; an estimate just says that it failed.
    await sender.client.simulateContract({ ...call, account: sender.account } as never)
    return await sender.client.estimateContractGas({ ...call, account: sender.account } as never)
  } catch (error) {
    throw explainRefusal(error, sender.account.address)
  }
}

/** @throws CliError TX_TIMEOUT, or REFUSED when it was mined but undone */
export async function waitMined(sender: Pick<Sender, 'client'>, hash: Hex): Promise<Sent> {
  const receipt = await sender.client.waitForTransactionReceipt({ hash, timeout: MINED_WITHIN_MS }).catch((cause) => {
    if (!(cause instanceof WaitForTransactionReceiptTimeoutError)) throw cause
    throw new CliError('TX_TIMEOUT', `Transaction ${hash} was sent and isn't in a block yet`, {
      hint: 'run the command again later: it looks at the chain first and sends nothing twice',
      cause,
    })
  })
  if (receipt.status !== 'success')
    throw new CliError('REFUSED', `Transaction ${hash} was mined but the contract undid it`, { details: { txHash: hash } })
  return { hash, blockNumber: receipt.blockNumber, receipt }
}

/** The newest block that any of these is in; 0 for none. */
export function newestOf(sent: readonly (Sent | undefined)[]): bigint {
  const blocks = sent.map((one) => one?.blockNumber ?? 0n).sort((a, b) => (a < b ? -1 : 1))
  return blocks.at(-1) ?? 0n
}

/** The contract's own error inside what a client threw, or undefined. */
export function revertOf(error: unknown): { name: string; args: readonly unknown[] } | undefined {
  const revert = error instanceof BaseError ? error.walk((cause) => cause instanceof ContractFunctionRevertedError) : undefined
  if (!(revert instanceof ContractFunctionRevertedError) || !revert.data) return undefined
  return { name: revert.data.errorName, args: revert.data.args ?? [] }
}

function explainRefusal(error: unknown, account: string): Error {
  const revert = revertOf(error)
  if (revert?.name === 'AccessControlUnauthorizedAccount') {
    return new CliError('ROLE', `${account} doesn't hold the role this needs (${String(revert.args[1])})`, {
      hint: 'use the keystore of an account that does, or have the administrator grant it',
      cause: error,
    })
  }
  if (revert) {
    return new CliError('REFUSED', `The contract refused: ${revert.name}(${revert.args.map(String).join(', ')})`, {
      details: { error: revert.name, args: revert.args.map(String) },
      cause: error,
    })
  }
  if (error instanceof BaseError && /insufficient funds/i.test(error.message)) {
    return new CliError('FUNDS', `${account} can't pay the fee`, { hint: "send it some of the chain's coin", cause: error })
  }
  return error as Error
}
