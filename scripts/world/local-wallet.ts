import { type Address, type Hex, parseEther } from 'viem'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { type Sender, type Sent, waitMined } from '../terra/send.ts'

/** A wallet nobody has used before. */
export function newWallet(): PrivateKeyAccount {
  return privateKeyToAccount(generatePrivateKey())
}

/** The holder's own key on the platform's chain. */
export function senderOf(operator: Sender, account: PrivateKeyAccount): Sender {
  return { ...operator, account }
}

/** Sends a call that was prepared elsewhere, as a wallet does once its owner has agreed. */
export async function signAndSend(
  operator: Sender,
  account: PrivateKeyAccount,
  call: { to: Address; data?: Hex; value?: bigint },
): Promise<Sent> {
  const { client, chainId } = operator
  const [gas, fees, nonce] = await Promise.all([
    client.estimateGas({ account: account.address, ...call }),
    client.estimateFeesPerGas(),
    client.getTransactionCount({ address: account.address, blockTag: 'pending' }),
  ])
  const serializedTransaction = await account.signTransaction({ type: 'eip1559', chainId, ...call, gas: (gas * 6n) / 5n, nonce, ...fees })
  return waitMined(operator, await client.sendRawTransaction({ serializedTransaction }))
}

/** Gives wallets a little of the chain's coin, so that they can pay fees. */
export async function giveCoin(operator: Sender, wallets: PrivateKeyAccount[]): Promise<void> {
  const { client, account, chainId } = operator
  const [fees, first] = await Promise.all([
    client.estimateFeesPerGas(),
    client.getTransactionCount({ address: account.address, blockTag: 'pending' }),
  ])
  const hashes: Hex[] = []
  for (const [index, { address }] of wallets.entries()) {
    const transaction = {
      type: 'eip1559',
      chainId,
      to: address,
      value: parseEther('1'),
      gas: 21_000n,
      nonce: first + index,
      ...fees,
    } as const
    hashes.push(await client.sendRawTransaction({ serializedTransaction: await account.signTransaction(transaction) }))
  }
  await Promise.all(hashes.map((hash) => waitMined(operator, hash)))
}
