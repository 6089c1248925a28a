import { stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PublicClient } from 'viem'
import { openPool } from '../../common/node/db.ts'
import { readDeployment } from '../../common/node/deployment.ts'
import { openIpfs } from '../../common/node/ipfs.ts'
import { readKeystore } from '../../common/node/keystore.ts'
import { seedWorld } from '../world/seed.ts'
import { CHAIN_ID, openClient } from './chain.ts'
import type { LocalFile } from './local-file.ts'
import type { Steps } from './steps.ts'

/** Fills a new stack with the seeded world; a run that was cut off is gone on with. */
export async function seedOnce(folder: string, local: LocalFile, steps: Steps): Promise<void> {
  const marker = join(folder, 'seeded')
  if (await stat(marker).catch(() => undefined)) return
  await steps.run('Seeded world', async (note) => {
    const db = openPool(local.databaseUrl, { max: 4, name: 'terra-seed' })
    const ipfs = await openIpfs(local.ipfsFolder)
    try {
      const account = await readKeystore(local.operatorKeystore, local.keystorePassword)
      const summary = await seedWorld({
        webUrl: local.webUrl,
        db,
        sender: { client: openClient(local.rpcUrl) as unknown as PublicClient, account, chainId: CHAIN_ID },
        deployment: await readDeployment(local.deploymentFile),
        ipfs,
        progress: { step: (text) => steps.say(`  ${text}`), advance: (done, total, label) => note(`${label} ${done}/${total}`) },
      })
      note(`${summary.issuers} issuers, ${summary.projects} projects, ${summary.investors} investors`)
      await writeFile(marker, JSON.stringify(summary))
    } finally {
      await ipfs.close()
      await db.end()
    }
  })
}
