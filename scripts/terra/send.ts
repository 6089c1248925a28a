import {
  type Abi,
  BaseError,
  type ContractFunctionName,
  type ContractFunctionParameters,
  encodeFunctionData,
  formatEther,
  type Hex,
  type LocalAccount,
  type PublicClient,
  type TransactionReceipt,
  WaitForTransactionReceiptTimeoutError,
} from 'viem'
import { explainRevert, type Refusal, revertDataOf } from '../../common/chain-errors.ts'
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
 * @throws CliError REFUSED with the contract's own error in words, ROLE, DAO_CANNOT_RECEIVE, FUNDS, TX_TIMEOUT
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

/** What the contract refused with, inside what a client threw, or undefined. */
export function revertOf(error: unknown): Refusal | undefined {
  return explainRevert(revertDataOf(error)) ?? undefined
}

/** Refusals that another account would not meet. */
const ROLE_ERRORS = ['AccessManagedUnauthorized', 'AccessManagerUnauthorizedCall', 'AccessControlUnauthorizedAccount', 'MissingRole']

function explainRefusal(error: unknown, account: string): Error {
  const refusal = revertOf(error)
  if (refusal) {
    const { name, args, sentence } = refusal
    const message = sentence.replace(/\.$/, '')
    const about = { details: { error: name, args: args.map(String) }, cause: error }
    if (ROLE_ERRORS.includes(name))
      return new CliError('ROLE', message, {
        ...about,
        hint: 'use the keystore of an account that does, or have the administrator grant it',
      })
    if (name === 'AccessManagedRequiredDelay')
      return new CliError('ROLE', message, { ...about, hint: 'schedule the call in the access manager: docs/operators.md' })
    if (name === 'DaoCannotReceive')
      return new CliError('DAO_CANNOT_RECEIVE', message, { ...about, hint: 'name a timelock or a Safe with its handler by --dao' })
    return new CliError('REFUSED', `The contract refused: ${message}`, about)
  }
  if (error instanceof BaseError && /insufficient funds/i.test(error.message)) {
    return new CliError('FUNDS', `${account} can't pay the fee`, { hint: "send it some of the chain's coin", cause: error })
  }
  return error as Error
}
