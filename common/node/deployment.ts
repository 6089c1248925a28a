import { readFile } from 'node:fs/promises'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { Address } from '../wire.ts'

/** Where the contracts of one chain are; written by `terra deploy`, read by every process. */
export const Deployment = Type.Object({
  chainId: Type.Integer(),
  chainName: Type.String(),
  startBlock: Type.Integer({ minimum: 0 }),
  explorerUrl: Type.Union([Type.String(), Type.Null()]),
  ownership: Address,
  vault: Address,
  registrar: Address,
  payoutToken: Address,
  payoutTokenSymbol: Type.String(),
  payoutTokenDecimals: Type.Integer(),
  /** OpenZeppelin TimelockController that receives exits. */
  communityDao: Address,
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
