import { stat } from 'node:fs/promises'
import type { Hex, LocalAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { CliError } from './cli-error.ts'
import { ask, type Terminal } from './terminal.ts'

/** `hardhat:<network>` takes the first account of that network in hardhat.config.ts, whose key Hardhat's own keystore gives out. */
const HARDHAT = /^hardhat:([\w-]+)$/

/**
 * Opens the key a command signs with: an encrypted keystore file, or Hardhat's keystore. The password comes from `password`
 * (the environment) or is asked for; it is never an option, where `ps` and the shell's history would show it.
 * @throws CliError FILE_MISSING, KEY_FILE_MODE, KEY_PASSWORD, CONFIRM_REQUIRED
 */
export async function openKey(terminal: Terminal, keystore: string, password: string | undefined): Promise<LocalAccount> {
  const network = HARDHAT.exec(keystore)?.[1]
  if (network !== undefined) return openHardhatKey(network)
  await checkKeyFile(keystore)
  const given = password ?? (await askPassword(terminal, keystore))
  // Loaded here: a command that signs nothing starts sooner.
  const { readKeystore } = await import('../../common/node/keystore.ts')
  try {
    return await readKeystore(keystore, given)
  } catch (cause) {
    throw new CliError('KEY_PASSWORD', `The key in ${keystore} could not be opened`, {
      hint: 'check the password, and that the file is an encrypted JSON keystore',
      cause,
    })
  }
}

/** @throws CliError FILE_MISSING, or KEY_FILE_MODE when others than the owner may read it */
export async function checkKeyFile(path: string): Promise<void> {
  const info = await stat(path).catch((cause) => {
    throw new CliError('FILE_MISSING', `There is no keystore at ${path}`, { hint: 'name it by --keystore or OPERATOR_KEYSTORE', cause })
  })
  // Windows has no such bits and reports 666 for everything.
  if (process.platform === 'win32' || (info.mode & 0o077) === 0) return
  throw new CliError('KEY_FILE_MODE', `Others than its owner may read ${path} (mode ${(info.mode & 0o777).toString(8)})`, {
    hint: `chmod 600 ${path}`,
  })
}

async function askPassword(terminal: Terminal, keystore: string): Promise<string> {
  if (!terminal.input.isTTY || !terminal.err.isTTY) {
    throw new CliError('CONFIRM_REQUIRED', `The password of ${keystore} is needed, and nobody is at a terminal to give it`, {
      hint: 'set KEYSTORE_PASSWORD',
    })
  }
  return ask(terminal, `Password of ${keystore}: `, { hidden: true })
}

async function openHardhatKey(network: string): Promise<LocalAccount> {
  const { default: hardhat } = await import('hardhat')
  const config = hardhat.config.networks[network]
  const accounts = config?.type === 'http' ? config.accounts : undefined
  const first = Array.isArray(accounts) ? accounts[0] : undefined
  if (!first) {
    throw new CliError('SETTING_MISSING', `hardhat.config.ts names no account for a network "${network}"`, {
      hint: 'give that network accounts: [configVariable("OPERATOR_KEY")], then run npx hardhat keystore set OPERATOR_KEY',
    })
  }
  return privateKeyToAccount((await first.getHexString()) as Hex)
}
