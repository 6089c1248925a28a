import { createPublicClient, http, type PublicClient } from 'viem'
import { openPool, type Pool } from '../../common/node/db.ts'
import { readDeployment } from '../../common/node/deployment.ts'
import { openIpfs } from '../../common/node/ipfs.ts'
import { readKeystore } from '../../common/node/keystore.ts'
import type { LocalFile } from '../local/local-file.ts'
import { silent } from '../terra/progress.ts'
import type { World } from '../world/world.ts'

/** A running platform as its owner sees it, with a pool instead of one connection: verifying needs a transaction of its own. */
export interface Platform extends World {
  db: Pool
  close(): Promise<void>
}

/** Opens everything a local stack's file names. */
export async function openPlatform(local: LocalFile): Promise<Platform> {
  const [deployment, account, ipfs] = await Promise.all([
    readDeployment(local.deploymentFile),
    readKeystore(local.operatorKeystore, local.keystorePassword),
    openIpfs(local.ipfsFolder),
  ])
  const db = openPool(local.databaseUrl, { max: 4, name: 'terra-local' })
  const client = createPublicClient({ transport: http(local.rpcUrl), pollingInterval: 200, cacheTime: 0 }) as PublicClient
  return {
    webUrl: local.webUrl,
    db,
    ipfs,
    deployment,
    sender: { client, account, chainId: deployment.chainId },
    progress: silent,
    async close() {
      await Promise.all([db.end(), ipfs.close()])
    },
  }
}
