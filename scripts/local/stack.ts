import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { buildContracts, buildWeb } from './build.ts'
import { openClient, saveState, startChain } from './chain.ts'
import type { Child } from './child.ts'
import { databaseUrl, matchMirror, prepareDatabase } from './database.ts'
import { deployOnce } from './deploy-once.ts'
import { checkDisk, watchDisk } from './disk.ts'
import { fundKeys, keepKeys } from './keys.ts'
import { type LocalFile, readLocalFile, writeLocalFile } from './local-file.ts'
import { endOrphans } from './orphans.ts'
import { checkPorts, type Ports } from './ports.ts'
import { startPostgres } from './postgres.ts'
import { openRegistry } from './registry.ts'
import { keepSecrets } from './secrets.ts'
import { startServices } from './services.ts'
import { quietSteps, type Steps } from './steps.ts'

export interface StackOptions {
  /** Where everything is kept; made when it is not there. */
  dataFolder: string
  ports: Ports
  steps?: Steps
  /** Extra Postgres settings, e.g. `fsync=off` for a stack that nobody keeps. */
  postgresSettings?: string[]
}

export interface Stack {
  local: LocalFile
  /** Ends everything in order: processes, then the chain, then the database. */
  stop(): Promise<void>
  /** Ends everything at once; the next start repairs what that breaks. */
  kill(): void
}

/**
 * Brings up database, chain, contracts, vendors, indexer, api, worker and web app on one data folder, and answers when all are
 * ready. What was started is ended again when a later step fails.
 * @throws LocalError in one sentence that says what to do
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = resolve(options.dataFolder)
  const steps = options.steps ?? quietSteps
  const { ports } = options
  for (const name of ['', 'logs', 'chain', 'ipfs']) await mkdir(join(folder, name), { recursive: true })
  const registry = openRegistry(folder)
  const undo: (() => Promise<void>)[] = [async () => registry.release()]
  const children: Child[] = []
  const keep = (child: Child, stop = () => child.stop()) => {
    children.push(child)
    undo.push(stop)
  }
  const stop = async () => {
    // Newest first; one that fails must not keep the others from ending.
    for (const work of undo.splice(0).reverse()) await work().catch((error: Error) => steps.warn(error.message))
  }
  try {
    await steps.run('Checks', async (note) => {
      await checkDisk(folder)
      if (registry.orphans.length > 0) {
        const earlier = readLocalFile(folder)
        await endOrphans(registry.orphans, async () => {
          if (earlier !== undefined) await saveState(folder, openClient(earlier.rpcUrl)).catch(() => {})
        })
        for (const { pid } of registry.orphans) registry.remove(pid)
        note(`ended ${registry.orphans.map(({ name }) => name).join(', ')} of a run that was killed`)
      }
      await checkPorts(ports)
    })
    const logs = join(folder, 'logs')
    const secrets = keepSecrets(folder)
    const adminUrl = await steps.run('PostgreSQL 18', async () => {
      const postgres = await startPostgres({
        folder,
        port: ports.db,
        password: secrets.databasePassword,
        registry,
        settings: options.postgresSettings ?? [],
        onRestart: steps.warn,
        warn: steps.warn,
      })
      keep(postgres.child)
      return postgres.adminUrl
    })
    await steps.run('Database schema', async (note) => {
      const ran = await prepareDatabase(adminUrl, secrets)
      note(ran.length === 0 ? 'up to date' : `${ran.length} migrations`)
    })
    const chain = await steps.run('Chain', async (note) => {
      const started = await startChain({ folder, port: ports.rpc, registry, onRestart: steps.warn, warn: steps.warn })
      keep(started.child, () => started.stop())
      note(started.isKept ? `going on from block ${await started.client.getBlockNumber()}` : 'new')
      return started
    })
    const keys = await keepKeys(folder, secrets.keystorePassword)
    await fundKeys(chain, keys)
    await steps.run('Contracts compiled', async (note) => note((await buildContracts(join(logs, 'build.log'))) ? '' : 'unchanged'))
    const deploymentFile = join(folder, 'deployment.json')
    await steps.run('Contracts deployed', async (note) => {
      const { deployment, isNew } = await deployOnce(deploymentFile, chain, keys, secrets.keystorePassword)
      note(`${deployment.ownership}${isNew ? '' : ', as before'}`)
    })
    if (await matchMirror(databaseUrl(adminUrl), chain.client))
      steps.warn('The mirror was ahead of the chain that was saved; it was emptied and is being read again.')
    await steps.run('Web app built', async (note) => note((await buildWeb(join(logs, 'build.log'))) ? '' : 'unchanged'))
    const local: LocalFile = {
      webUrl: process.env.PUBLIC_URL ?? `http://localhost:${ports.web}`,
      rpcUrl: chain.url,
      sandboxUrl: `http://localhost:${ports.sandbox}`,
      databaseUrl: databaseUrl(adminUrl, { role: 'terra_worker', password: secrets.workerPassword }),
      adminDatabaseUrl: databaseUrl(adminUrl),
      analystDatabaseUrl: databaseUrl(adminUrl, { role: 'terra_analyst', password: secrets.analystPassword }),
      deploymentFile,
      ipfsFolder: join(folder, 'ipfs'),
      operatorKeystore: keys.operator.path,
      minterKeystore: keys.minter.path,
      attestorKeystore: keys.attestor.path,
      paymentAttestorKeystore: keys.paymentAttestor.path,
      keystorePassword: secrets.keystorePassword,
      logFolder: logs,
    }
    // Before the services: a run that is killed from here on must find the chain again.
    writeLocalFile(folder, local)
    await startServices(
      {
        folder,
        ports,
        secrets,
        keys,
        adminUrl,
        rpcUrl: chain.url,
        deploymentFile,
        ipfsFolder: local.ipfsFolder,
        webUrl: local.webUrl,
        registry,
        steps,
      },
      keep,
    )
    undo.push(watchDisk(folder, steps.warn))
    return {
      local,
      stop,
      kill() {
        for (const child of [...children].reverse()) child.kill()
        registry.release()
      },
    }
  } catch (error) {
    await stop()
    throw error
  }
}
