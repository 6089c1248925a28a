import { type Abi, type Address, getAddress, type Hex, type PublicClient } from 'viem'
import type { Deployment } from '../../common/node/deployment.ts'
import { nameOf } from './access-names.ts'
import { type RoleHistory, readRoleHistory } from './role-logs.ts'

/** Somebody's power, as the chain has it. */
export interface Power {
  account: Address
  /** What the deployment calls the account; empty for a stranger. */
  name: string
  /** `manager RELINKER`, `ledger Minter`, `timelock PROPOSER` */
  role: string
  mayCall: string[]
  delaySeconds: number
}

/** Where the chain is not as it was meant. */
export interface Difference {
  what: string
  expected: string
  found: string
}

export interface AccessProof {
  block: bigint
  powers: Power[]
  differences: Difference[]
  /** Questions asked of the chain. */
  checks: number
}

/** Reads one view at the proof's block. */
export type Ask = <T>(address: string, abi: Abi, functionName: string, args?: readonly unknown[]) => Promise<T>

/** What a proof is made in: what it asks, what it compares with, and what it has found so far. */
export interface Scene {
  ask: Ask
  /** The code at an address at the proof's block; `0x` when there is none. */
  codeOf(address: Address): Promise<Hex>
  deployment: Deployment
  proof: AccessProof
  history: RoleHistory
}

/** Public nodes turn down who asks too much at once. */
const QUESTIONS_AT_ONCE = 8

export async function openAccessScene(client: PublicClient, deployment: Deployment): Promise<Scene> {
  const block = await client.getBlockNumber({ cacheTime: 0 })
  const proof: AccessProof = { block, powers: [], differences: [], checks: 0 }
  let running = 0
  const waiting: (() => void)[] = []
  const ask: Ask = async (address, abi, functionName, args = []) => {
    proof.checks++
    if (running >= QUESTIONS_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return (await client.readContract({ address, abi, functionName, args, blockNumber: block } as never)) as never
    } finally {
      // The place goes to the next one, if there is one.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
  const codeOf = async (address: Address) => (await client.getCode({ address, blockNumber: block })) ?? '0x'
  return { ask, codeOf, deployment, proof, history: await readRoleHistory(client, deployment, block) }
}

/** Notes a difference, if there is one. Addresses are the same whatever their case. */
export function compare({ proof }: Pick<Scene, 'proof'>, what: string, expected: unknown, found: unknown): void {
  const [a, b] = [String(expected), String(found)]
  if (a.toLowerCase() !== b.toLowerCase()) proof.differences.push({ what, expected: a, found: b })
}

/** A power without a delay that lets call nothing by name. */
export function powerOf(deployment: Deployment, account: Address, role: string): Power {
  return { account: getAddress(account), name: nameOf(deployment, account), role, mayCall: [], delaySeconds: 0 }
}
