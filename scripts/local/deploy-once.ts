import { readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createWalletClient, http } from 'viem'
import { hardhat } from 'viem/chains'
import { deployContracts } from '../../common/node/deploy-contracts.ts'
import { type Deployment, readDeployment } from '../../common/node/deployment.ts'
import { readKeystore } from '../../common/node/keystore.ts'
import { CHAIN_ID, type LocalChain, saveState } from './chain.ts'
import type { LocalKeys } from './keys.ts'
import { LocalError } from './local-error.ts'

/** Short enough that an exit can be announced and carried out in one sitting. */
const EXIT_NOTICE_SECONDS = 10

/**
 * Deploys the contracts to a local chain that has none yet, and writes down where they are.
 * @throws LocalError when the file names contracts that this chain does not have, or is an older version's
 */
export async function deployOnce(
  path: string,
  chain: LocalChain,
  keys: LocalKeys,
  password: string,
): Promise<{ deployment: Deployment; isNew: boolean }> {
  const isThere = await readFile(path).catch(() => undefined)
  if (isThere !== undefined) {
    const deployment = await readDeployment(path).catch((cause: Error) => {
      throw new LocalError(`${cause.message}: an older version made this stack. Run npm run reset to begin anew.`)
    })
    const code = await chain.client.getCode({ address: deployment.ownership as `0x${string}` })
    if (code !== undefined) return { deployment, isNew: false }
    throw new LocalError(
      `The chain does not have the contracts that ${path} names, so its state was lost: run npm run reset to begin anew.`,
    )
  }
  const account = await readKeystore(keys.operator.path, password)
  const wallet = createWalletClient({ account, chain: { ...hardhat, id: CHAIN_ID }, transport: http(chain.url) })
  const deployment = await deployContracts(wallet, {
    minter: keys.minter.address,
    attestor: keys.attestor.address,
    paymentAttestor: keys.paymentAttestor.address,
    minNoticeSeconds: EXIT_NOTICE_SECONDS,
    chainName: 'Terra Lumina local',
  })
  // First the chain, then the note of what is on it: a power cut never leaves a note of contracts that are gone.
  await saveState(dirname(path), chain.client)
  await writeFile(`${path}.new`, JSON.stringify(deployment, null, 2))
  await rename(`${path}.new`, path)
  return { deployment, isNew: true }
}
