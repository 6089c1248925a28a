import { type Hex, keccak256, stringToBytes } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

/** The password of every seeded account. Local only: the worlds it opens exist on one machine. */
export const SEED_PASSWORD = 'local-sunlight-over-nakuru'

/** The private key of a seeded person's wallet: the hash of the name, so anybody can compute it. Never send it anything of value. */
export function seedKey(name: string): Hex {
  return keccak256(stringToBytes(`terra-lumina local wallet: ${name}`))
}

export function seedWallet(name: string): PrivateKeyAccount {
  return privateKeyToAccount(seedKey(name))
}
