import { type Hex, parseAbiParameters, toHex } from 'viem'
import { signTypedData } from 'viem/actions'
import type { Scene } from './testing.ts'
import { liveAsDao } from './testing-everything-dao.ts'
import { liveAsHolders } from './testing-everything-holders.ts'
import { liveAsOperators } from './testing-everything-operators.ts'
import { liveAsSellers } from './testing-everything-sales.ts'

export const DAY = 86_400

/** What the parts of a scene's life need: {@link Scene}, and calls that must not revert. */
export interface Life extends Scene {
  /** Sends, and fails when it reverts. */
  call(to: Hex, abi: unknown, functionName: string, args: unknown[], from?: Hex): Promise<Hex>
  /** Unix second of the newest block. */
  now(): Promise<number>
  pass(seconds: number): Promise<void>
  /** What an unlocked account signs for a contract: EIP-712, version 1. */
  sign(by: Hex, contract: Hex, name: string, type: string, fields: string, message: Record<string, unknown>): Promise<Hex>
  read<T>(to: Hex, abi: unknown, functionName: string, args: unknown[]): Promise<T>
}

/** Does one of everything that emits an event: afterwards the deployment names the governor, too. */
export async function liveThrough(scene: Scene): Promise<void> {
  const client = scene.chain.client
  // Wallets that take the place of others.
  const wallets: Hex[] = [toHex(0x1007, { size: 20 }), toHex(0x1008, { size: 20 })]
  for (const address of wallets) {
    await client.impersonateAccount({ address })
    await client.setBalance({ address, value: 10n ** 20n })
  }
  const life: Life = {
    ...scene,
    holders: [...scene.holders, ...wallets],
    async call(to, abi, functionName, args, from) {
      const hash = await scene.send(to, abi, functionName, args, from)
      const { status } = await client.getTransactionReceipt({ hash })
      if (status !== 'success') {
        const reason = await client
          .simulateContract({ address: to, abi: abi as never, functionName, args, account: from ?? scene.operator } as never)
          .then(() => 'no reason now', String)
        throw new Error(`${functionName}(${args}) reverted: ${reason}`)
      }
      return hash
    },
    now: async () => Number((await client.getBlock()).timestamp),
    async pass(seconds) {
      await client.increaseTime({ seconds })
      await client.mine({ blocks: 1 })
    },
    sign(by, verifyingContract, name, primaryType, fields, message) {
      const domain = { name, version: '1', chainId: scene.deployment.chainId, verifyingContract }
      const types = { [primaryType]: parseAbiParameters(fields) as unknown as { name: string; type: string }[] }
      return signTypedData(client, { account: by, domain, types, primaryType, message })
    },
    read: (to, abi, functionName, args) => client.readContract({ address: to, abi: abi as never, functionName, args } as never) as never,
  }
  await liveAsOperators(life)
  await liveAsHolders(life)
  await liveAsSellers(life)
  await liveAsDao(life)
}
