import { type Address, encodeFunctionData, type Hash, type Hex, hashTypedData, type LocalAccount, zeroAddress } from 'viem'
import { registrarAbi } from '../../common/abi.ts'

/** What the attestor says about an account; see ITerraLuminaRegistrar.Attestation. Times are unix seconds. */
export interface Attestation {
  account: Address
  flags: number
  expiry: number
  /** ISO 3166-1 numeric */
  country: number
  class: number
  investorId: bigint
  issuedAt: number
  deadline: number
}

/** May send and may receive. */
export const SEND_AND_RECEIVE = 3
/** May neither send nor receive, until another attestation says otherwise. */
export const FROZEN = 8
export const CLASS_RETAIL = 0

const TYPES = {
  Attestation: [
    { name: 'account', type: 'address' },
    { name: 'flags', type: 'uint8' },
    { name: 'expiry', type: 'uint40' },
    { name: 'country', type: 'uint16' },
    { name: 'class', type: 'uint8' },
    { name: 'investorId', type: 'uint64' },
    { name: 'issuedAt', type: 'uint40' },
    { name: 'deadline', type: 'uint40' },
    { name: 'replaces', type: 'address' },
  ],
} as const

/** Signs an attestation of a wallet that replaces no other, and packs it as the registrar's call. `digest` is what was signed: the name of this registration. */
export async function attest(
  attestor: LocalAccount,
  target: { chainId: number; registrar: Address },
  attestation: Attestation,
): Promise<{ digest: Hash; callData: Hex }> {
  const message = { ...attestation, replaces: zeroAddress }
  const typed = {
    domain: { name: 'TerraLuminaRegistrar', version: '1', chainId: target.chainId, verifyingContract: target.registrar },
    types: TYPES,
    primaryType: 'Attestation',
    message,
  } as const
  const signature = await attestor.signTypedData(typed)
  return {
    digest: hashTypedData(typed),
    callData: encodeFunctionData({ abi: registrarAbi, functionName: 'register', args: [message, signature] }),
  }
}
