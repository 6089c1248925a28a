import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { type Address, type Hex, verifyMessage } from 'viem'
import { AppError, type ErrorCode } from '../../common/errors.ts'
import type { Chain } from '../../common/node/chain.ts'
import { BROWSER_COOKIE } from '../http/cookies.ts'
import type { Deps } from '../http/deps.ts'
import { consumeNonce } from './nonces.ts'
import { listWallets } from './queries.ts'
import { readSiwe } from './siwe.ts'

/** What a signed message can be refused with. */
export const SIWE_ERRORS: ErrorCode[] = [
  'SIWE_MALFORMED',
  'SIWE_NONCE_UNKNOWN',
  'SIWE_DOMAIN',
  'SIWE_URI',
  'SIWE_CHAIN',
  'SIWE_TIME',
  'SIWE_SIGNATURE',
  'CSRF',
]

/** A contract wallet's own check runs on the node; it gets this long. */
const CONTRACT_CHECK_MS = 3_000

/**
 * The address that a signed message proves, lower case. The challenge is used up before the signature is looked at.
 * @throws AppError SIWE_* by what is wrong
 */
export async function proveWallet(deps: Deps, request: FastifyRequest, message: string, signature: Hex): Promise<Address> {
  const now = deps.clock()
  const { address, nonce } = readSiwe(message, { publicUrl: deps.settings.publicUrl, chainId: deps.deployment.chainId, now })
  await consumeNonce(deps.pool, nonce, request.cookies[BROWSER_COOKIE], now)
  if (await isSignedBy(deps.chain, address, message, signature)) return address
  throw new AppError('SIWE_SIGNATURE', 'The signature was not made by that wallet')
}

/** Proves that who asks holds one of the account's own wallets. @throws AppError SIWE_* by what is wrong */
export async function proveOwnWallet(
  deps: Deps,
  request: FastifyRequest,
  accountId: string,
  message: string,
  signature: Hex,
): Promise<void> {
  const address = await proveWallet(deps, request, message, signature)
  const own = await listWallets(deps.pool, accountId)
  if (own.some((wallet) => wallet.address === address)) return
  throw new AppError('SIWE_SIGNATURE', 'That wallet is not linked to your account')
}

/** Ordinary keys are checked here; contract wallets (ERC-1271, ERC-6492) by asking the chain. */
async function isSignedBy({ client }: Chain, address: Address, message: string, signature: Hex): Promise<boolean> {
  if (await verifyMessage({ address, message, signature }).catch(() => false)) return true
  const onChain = client.verifyMessage({ address, message, signature }).catch(() => false)
  return Promise.race([onChain, sleep(CONTRACT_CHECK_MS, false, { ref: false })])
}
