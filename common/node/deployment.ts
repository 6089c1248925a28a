import { readFile } from 'node:fs/promises'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { Address } from '../wire.ts'
import { PARTIES, type Party } from './access.ts'

/** Where the contracts of one chain are and who was given which role; written by `terra deploy`, read by every process. */
export const Deployment = Type.Object({
  chainId: Type.Integer(),
  chainName: Type.String(),
  startBlock: Type.Integer({ minimum: 0 }),
  explorerUrl: Type.Union([Type.String(), Type.Null()]),
  /** OpenZeppelin AccessManager: who may call what, and when. */
  accessManager: Address,
  /** OpenZeppelin TimelockController: the access manager's only administrator. */
  timelock: Address,
  /** ERC-2771: carries holders' signed requests. */
  forwarder: Address,
  ownership: Address,
  vault: Address,
  registrar: Address,
  sale: Address,
  documents: Address,
  payoutToken: Address,
  payoutTokenSymbol: Type.String(),
  payoutTokenDecimals: Type.Integer(),
  /** OpenZeppelin TimelockController that receives exits. */
  communityDao: Address,
  /** Projects with a governor of their own, and the timelock that acts for it; written by hand. */
  governors: Type.Optional(Type.Array(Type.Object({ projectId: Type.Integer({ minimum: 1 }), governor: Address, timelock: Address }))),
  /** Libraries that contracts are linked to, by name. */
  libraries: Type.Record(Type.String(), Address),
  /** ABI-encoded arguments with which each contract was created, for its verification. */
  constructorArguments: Type.Record(Type.String(), Type.String({ pattern: '^0x([0-9a-f]{2})*$' })),
  /** Time between proposal and execution of what only the administrator may do. */
  adminDelaySeconds: Type.Integer({ minimum: 0 }),
  /** Who was given which role; what `terra roles` compares the chain with. */
  parties: Type.Object(Object.fromEntries(PARTIES.map((party) => [party, Address])) as Record<Party, typeof Address>),
  /** What the administrator gave to others later: `manager PAUSER` or `ledger Minter`; written by hand, proven like the rest. */
  laterGrants: Type.Optional(Type.Array(Type.Object({ account: Address, role: Type.String() }))),
})
export type Deployment = Static<typeof Deployment>

/** @throws Error when the file is missing or incomplete */
export async function readDeployment(path: string): Promise<Deployment> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new Error(`No deployment file at ${path}; run \`npm run terra -- deploy\` first`, { cause })
  })
  const value: unknown = JSON.parse(text)
  if (!Value.Check(Deployment, value)) throw new Error(`The deployment file ${path} is not complete`)
  return value
}
