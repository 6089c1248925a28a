import { readFile, writeFile } from 'node:fs/promises'
import { encryptKeystoreJson, Wallet } from 'ethers'
import type { Hex, LocalAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'

/**
 * Opens an encrypted keystore (the JSON format of geth and ethers) as a signing account.
 * ethers, because viem has no reader for it.
 * @throws Error when the file is missing, is no keystore, or the password is wrong; never naming the password
 */
export async function readKeystore(path: string, password: string): Promise<LocalAccount> {
  const json = await readFile(path, 'utf8').catch((cause) => {
    throw new Error(`No keystore at ${path}`, { cause })
  })
  try {
    const { privateKey } = await Wallet.fromEncryptedJson(json, password)
    return privateKeyToAccount(privateKey as Hex)
  } catch (cause) {
    throw new Error(`The keystore ${path} cannot be opened: it is not one, or the password is wrong`, { cause })
  }
}

/**
 * Writes a private key as an encrypted keystore that only the owner of the file can read; refuses to overwrite one.
 * `scryptN` is the work an attacker must do per guess; lower it only for keys that are worthless.
 */
export async function writeKeystore(path: string, privateKey: Hex, password: string, scryptN = 131_072): Promise<void> {
  const { address } = privateKeyToAccount(privateKey)
  const json = await encryptKeystoreJson({ address, privateKey }, password, { scrypt: { N: scryptN } })
  await writeFile(path, json, { mode: 0o600, flag: 'wx' })
}
