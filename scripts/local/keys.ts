import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Address, parseEther } from 'viem'
import { generatePrivateKey } from 'viem/accounts'
import { readKeystore, writeKeystore } from '../../common/node/keystore.ts'
import type { LocalChain } from './chain.ts'

export interface LocalKey {
  path: string
  address: Address
}
/** Keystore file of each key. One address has one role on chain, so none is used twice. */
const FILES = {
  operator: 'operator.json',
  minter: 'minter.json',
  attestor: 'attestor.json',
  paymentAttestor: 'payment-attestor.json',
} as const
export type LocalKeys = { [role in keyof typeof FILES]: LocalKey }

/** Light: these keys are worth nothing outside this folder, and every start opens them. */
const SCRYPT_N = 4_096

/** The four keys of a local stack: random, each in an encrypted keystore under `keys/`. */
export async function keepKeys(folder: string, password: string): Promise<LocalKeys> {
  const home = join(folder, 'keys')
  await mkdir(home, { recursive: true, mode: 0o700 })
  const keys = await Promise.all(
    Object.entries(FILES).map(async ([role, file]) => {
      const path = join(home, file)
      const isThere = await stat(path).catch(() => undefined)
      if (isThere === undefined) await writeKeystore(path, generatePrivateKey(), password, SCRYPT_N)
      const { address } = await readKeystore(path, password)
      return [role, { path, address }] as const
    }),
  )
  return Object.fromEntries(keys) as LocalKeys
}

/** Sees to it that the accounts which send transactions can pay for them. */
export async function fundKeys(chain: LocalChain, keys: LocalKeys): Promise<void> {
  for (const { address } of [keys.operator, keys.minter]) {
    if ((await chain.client.getBalance({ address })) < parseEther('1000'))
      await chain.client.setBalance({ address, value: parseEther('10000') })
  }
}
