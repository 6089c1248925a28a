import { parseArgs } from 'node:util'
import { readEnv } from '../common/node/env.ts'
import { openLog } from '../common/node/log.ts'
import { Stop } from './errors.ts'
import { run } from './run.ts'
import { IndexerEnv, type Settings, settingsOf } from './settings.ts'

const HELP = `Mirrors the contracts' events into the schema "chain" of a Postgres database.

  node indexer/main.ts [--until-head] [--help]

  --until-head   End when the mirror has reached the newest block

Environment:
  RPC_URL            Address of an RPC node, or several separated by commas: the next serves when one fails
  DATABASE_URL       Postgres, as the role terra_indexer
  DEPLOYMENT_FILE    Where the contracts are, as \`terra deploy\` writes it; or instead of it:
  CONTRACT_ADDRESS   The ledger alone
  START_BLOCK        The block it was deployed in
  POLL_MS            Milliseconds between two looks at the newest block (250)
  LOG_LEVEL          debug, info, warn, error (info)

Several may run on one database: one leads, the others stand by.
Exit codes: 0 done or told to stop, 1 bad environment or a fault, 3 wrong chain or contract,
4 the chain undid a block it had called final, 5 an event this version can't read.
To rebuild the mirror: stop, "truncate chain.checkpoint, chain.block cascade", start.
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
  const stopping = new AbortController()
  for (const name of ['SIGTERM', 'SIGINT'] as const)
    process.once(name, () => {
      log.info({ signal: name }, 'Told to stop')
      stopping.abort()
      // A step that waits for a node may be cut anywhere: it commits as a whole or not at all.
      setTimeout(() => process.exit(0), 3_000).unref()
    })
  try {
    await run(settings, { log, clock: () => new Date() }, stopping.signal, untilHead)
    return 0
  } catch (error) {
    if (!(error instanceof Stop)) throw error
    log.error({ code: error.code }, error.message)
    process.stderr.write(`${error.code}: ${error.message}\n`)
    return error.exitCode
  }
}
