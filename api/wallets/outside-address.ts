import { ed25519 } from '@noble/curves/ed25519.js'
import { base58, base64 } from '@scure/base'
import bip322 from 'bip322-js'
import { isAddress } from 'viem'
import { AppError } from '../../common/errors.ts'
import type { Network } from '../../common/wire-wallets.ts'

/** Networks whose addresses are proven here; of EVM wallets EIP-4361 proves them. */
export type ProvableNetwork = Exclude<Network, 'evm'>

/** An address as it is kept. Only of main networks. @throws AppError ADDRESS_INVALID */
export function readOutsideAddress(network: Network, text: string): string {
  const address = text.trim()
  if (network === 'evm' && isAddress(address, { strict: address !== address.toLowerCase() })) return address.toLowerCase()
  if (network === 'solana' && bytesOf(base58.decode, address)?.length === 32) return address
  if (network === 'bitcoin' && isBitcoinMain(address)) return address.startsWith('BC1') ? address.toLowerCase() : address
  throw new AppError('ADDRESS_INVALID', `This is no address of ${NAMES[network]}. Copy it once more, whole`)
}

/** What is signed to link an address to an account of the platform at `host`. */
export function outsideMessage(host: string, network: ProvableNetwork, address: string, nonce: string): string {
  return `${host} wants to link this ${NAMES[network]} address to your account:\n${address}\n\nSigning is free and moves nothing.\nNonce: ${nonce}`
}

/**
 * Whether the owner of an address signed a message. Solana: Ed25519 over the bytes of the message (RFC 8032, keys of small order refused), in base58 or
 * base64. Bitcoin: BIP-322 for P2WPKH, P2SH-P2WPKH and single-key P2TR, or BIP-137, in base64.
 */
export function isSignedByOutside(network: ProvableNetwork, address: string, message: string, signature: string): boolean {
  try {
    if (network === 'bitcoin') return bip322.Verifier.verifySignature(address, message, signature, true)
    const bytes = bytesOf(base58.decode, signature) ?? bytesOf(base64.decode, signature)
    return bytes?.length === 64 && ed25519.verify(bytes, new TextEncoder().encode(message), base58.decode(address), { zip215: false })
  } catch {
    // What is no signature at all was not made by the owner either.
    return false
  }
}

const NAMES: Record<Network, string> = { evm: 'Ethereum or Polygon', solana: 'Solana', bitcoin: 'Bitcoin' }

function isBitcoinMain(address: string): boolean {
  return /^(bc1|BC1|[13])/.test(address) && bip322.Address.isValidBitcoinAddress(address)
}

function bytesOf(decode: (text: string) => Uint8Array, text: string): Uint8Array | undefined {
  try {
    return decode(text)
  } catch {
    return undefined
  }
}
