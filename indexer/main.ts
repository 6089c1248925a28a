import { parseArgs } from 'node:util'
import { readEnv } from '../common/node/env.ts'
import { openLog } from '../common/node/log.ts'
import { Stop } from './errors.ts'
import { openLoadBar } from './load-bar.ts'
import { createMetrics, serveMetrics } from './metrics.ts'
import { run } from './run.ts'
import { IndexerEnv, type Settings, settingsOf } from './settings.ts'

const HELP = `Mirrors the contracts' events into the schema "chain" of a Postgres database.

  node indexer/main.ts [--until-head] [--help]

  --until-head   End when the mirror has reached the newest block

Environment:
  RPC_URL                Address of an RPC node, or several separated by commas: the next serves when one fails
  WS_URL                 Where nodes announce new blocks (ws:// or wss://), comma-separated; optional
  DATABASE_URL           Postgres, as the role terra_indexer
  MIRROR_SCHEMA          Where in the database the mirror is; one for each deployment or contract (chain)
  DEPLOYMENT_FILE        Where the contracts are, as \`terra deploy\` writes it; or instead of it:
  CONTRACT_ADDRESS       Any ERC-1155 contract
  START_BLOCK            The block it was deployed in, or an earlier one
  RPC_IN_FLIGHT          Requests for old blocks under way at one time (4)
  POLL_MS                Milliseconds between two looks at the newest block (250)
  FINALITY_HEAL_SECONDS  So long all nodes must say that a final block was replaced before the mirror follows (60)
  SETTLE_DEPTH           So deep below the head a final block is settled as well (256)
  BLOCK_MAX_AHEAD_SECONDS
                         A block later than this machine's clock by more is not believed (900)
  METRICS_PORT           Serves Prometheus metrics at /metrics; optional
  METRICS_HOST           Where (127.0.0.1)
  LOG_LEVEL              debug, info, warn, error (info)

Several may run on one database: one leads, the others stand by.
Exit codes: 0 done or told to stop, 1 bad environment, database or node, 3 wrong chain, contract, block or version,
4 the chain replaced all that the mirror knows of it, 5 an event this version can't read.
To rebuild the mirror beside the old one: npm run terra -- reindex
`

const { values } = parseArgs({ options: { 'until-head': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } })
if (values.help) {
  process.stdout.write(HELP)
} else {
  process.exitCode = await main(values['until-head'])
}

async function main(untilHead: boolean): Promise<number> {
  let env: IndexerEnv
  let settings: Settings
  try {
    env = readEnv(IndexerEnv)
    settings = await settingsOf(env)
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    return 1
  }
  const log = openLog('indexer', env.LOG_LEVEL)
  const metrics = createMetrics()
  let served: { close(): Promise<void> } | undefined
  const stopping = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => {
      log.info({ signal: name }, 'Told to stop')
      stopping.abort()
      // A step that waits for a node may be cut anywhere: it commits as a whole or not at all.
      setTimeout(() => process.exit(0), 3_000).unref()
    })
  try {
    if (env.METRICS_PORT !== undefined) served = await serveMetrics(metrics, env.METRICS_HOST, env.METRICS_PORT)
    await run(settings, { log, clock: () => new Date(), metrics, bar: openLoadBar(process.stderr) }, stopping.signal, untilHead)
    return 0
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    log.error({ code: error.code }, error.message)
    process.stderr.write(`${error.code}: ${error.message}\n`)
    return error.exitCode
  } finally {
    await served?.close()
  }
}
