import { createHash } from 'node:crypto'
import { type Address, encodeAbiParameters, type Hash, keccak256, stringToHex } from 'viem'

/** Keeps the ids of this platform apart from those of any other that mints into the same contract. */
const PLATFORM = stringToHex('terra-lumina investment', { size: 32 })

/** The investment's name on chain: another chain or another contract gives another name, so no receipt can be taken for one elsewhere. */
export function chainInvestmentId(chainId: number, contract: Address, investmentId: string): Hash {
  return keccak256(
    encodeAbiParameters(
      [{ type: 'bytes32' }, { type: 'uint256' }, { type: 'address' }, { type: 'bytes16' }],
      [PLATFORM, BigInt(chainId), contract, `0x${investmentId.replaceAll('-', '')}`],
    ),
  )
}

/** The investment id of a request that did not bring one: the same account and key always lead to the same investment. */
export function derivedInvestmentId(accountId: string, idempotencyKey: string): string {
  const bytes = createHash('sha256').update(`${accountId}\n${idempotencyKey}`).digest().subarray(0, 16)
  // RFC 9562, version 8 (made our own way), variant 1.
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
