import {
  type Abi,
  type Address,
  encodeDeployData,
  encodeFunctionData,
  getAddress,
  type Hex,
  keccak256,
  type TransactionReceipt,
  toHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { startTestChain, TEST_KEYS, type TestChain, until } from '../../common/node/testing.ts'

/** The chain that everything is measured on: any address can send, and two runs give the same gas to the unit. */
export interface BenchChain {
  client: TestChain['client']
  url: string
  /** Deploys, and is who may do things where somebody must. */
  operator: Address
  /** An address of that name that nobody else has used. */
  person(name: string): Address
  people(name: string, count: number): Address[]
  deploy(contract: { abi: Abi; bytecode: Hex }, args?: unknown[]): Promise<Contract & { gas: number }>
  /** Sends a transaction. Throws when it reverts. */
  send(from: Address, contract: Contract, functionName: string, args: unknown[]): Promise<TransactionReceipt>
  /** Gas used by the same: intrinsic gas and calldata included. */
  gasOf(from: Address, contract: Contract, functionName: string, args: unknown[]): Promise<number>
  /** Lets `seconds` go by. */
  wait(seconds: number): Promise<void>
  now(): Promise<number>
  stop(): Promise<void>
}

export interface Contract {
  address: Address
  abi: Abi
}

/** Every run begins at the same second and each block is a second later: times are calldata, and a zero byte is cheaper. */
const FIRST_SECOND = 2_000_000_000n
const GAS = 16_000_000n

export async function startBenchChain(): Promise<BenchChain> {
  const { client, url, stop } = await startTestChain()
  const operator = privateKeyToAccount(TEST_KEYS[0]).address
  await client.setNextBlockTimestamp({ timestamp: FIRST_SECOND })
  await client.mine({ blocks: 1 })
  await client.setBlockTimestampInterval({ interval: 1 })
  await client.request({ method: 'anvil_autoImpersonateAccount' as never, params: [true] as never })
  const rich = new Set<Address>()

  const submit = async (from: Address, data: Hex, what: string, to?: Address) => {
    if (!rich.has(from)) await client.setBalance({ address: from, value: 10n ** 24n })
    rich.add(from)
    const request = { from, ...(to && { to }), data, gas: toHex(GAS) }
    const hash: Hex = await client.request({ method: 'eth_sendTransaction', params: [request] } as never)
    const receipt = await until(() => client.getTransactionReceipt({ hash }).catch(() => undefined), 10_000, 2)
    if (receipt.status !== 'success') throw new Error(`${what} reverted`)
    return receipt
  }
  const send: BenchChain['send'] = async (from, { address, abi }, functionName, args) => {
    try {
      return await submit(from, encodeFunctionData({ abi, functionName, args }), functionName, address)
    } catch (cause) {
      // Says why, by the contract's own errors.
      await client.simulateContract({ account: from, address, abi, functionName, args, gas: GAS })
      throw cause
    }
  }
  const person = (name: string) => getAddress(keccak256(toHex(`gas bench: ${name}`)).slice(0, 42))
  return {
    client,
    url,
    operator,
    person,
    people: (name, count) => Array.from({ length: count }, (_, index) => person(`${name} ${index}`)),
    async deploy({ abi, bytecode }, args = []) {
      const receipt = await submit(operator, encodeDeployData({ abi, bytecode, args }), 'deployment')
      return { address: receipt.contractAddress!, abi, gas: Number(receipt.gasUsed) }
    },
    send,
    gasOf: async (...call) => Number((await send(...call)).gasUsed),
    async wait(seconds) {
      const { timestamp } = await client.getBlock()
      await client.setNextBlockTimestamp({ timestamp: timestamp + BigInt(seconds) })
      await client.mine({ blocks: 1 })
    },
    now: async () => Number((await client.getBlock()).timestamp),
    stop,
  }
}
