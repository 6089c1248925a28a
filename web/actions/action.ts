import type { Abi, Address } from 'viem'

/** A contract call as viem's `simulateContract` and `writeContract` take it. */
export type ContractCall = { address: Address; abi: Abi; functionName: string; args: readonly unknown[] }

/** Something a holder signs. It can say what it does before it is signed. */
export type Action<T> = { describe: (input: T) => string; done: (input: T) => string; request: (input: T) => ContractCall }
