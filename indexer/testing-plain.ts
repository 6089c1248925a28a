import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Abi, type Address, createWalletClient, type Hex, http } from 'viem'
import { ARTIFACTS } from '../common/node/artifacts.ts'
import type { TestChain } from '../common/node/testing.ts'

/** Somebody else's ERC-1155 contract on a chain of its own: only the standard's events, nobody's projects. */
export interface PlainTokens {
  address: Address
  startBlock: bigint
  /** Unlocked accounts. */
  holders: Address[]
  send(functionName: string, args: unknown[], from?: Address): Promise<Hex>
}

/** @param name `PlainTokens` tells no supply, `CountedTokens` does */
export async function deployPlain({ client, url }: TestChain, name: 'PlainTokens' | 'CountedTokens'): Promise<PlainTokens> {
  const { abi, bytecode } = JSON.parse(await readFile(join(ARTIFACTS, 'contracts/test/PlainTokens.sol', `${name}.json`), 'utf8')) as {
    abi: Abi
    bytecode: Hex
  }
  const wallet = createWalletClient({ transport: http(url) })
  const [deployer, ...holders] = (await client.request({ method: 'eth_accounts' as never })) as [Address, ...Address[]]
  const startBlock = (await client.getBlockNumber({ cacheTime: 0 })) + 1n
  const hash = await wallet.deployContract({ abi, bytecode, account: deployer, chain: null })
  const { contractAddress } = await client.waitForTransactionReceipt({ hash })
  const address = contractAddress!.toLowerCase() as Address
  return {
    address,
    startBlock,
    holders,
    async send(functionName, args, from = deployer) {
      const sent = await wallet.writeContract({ address, abi, functionName, args, account: from, chain: null })
      const { status } = await client.waitForTransactionReceipt({ hash: sent })
      if (status !== 'success') throw new Error(`${functionName} was refused`)
      return sent
    },
  }
}
