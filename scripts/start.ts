import { parseArgs } from 'node:util'
import { CHAIN_ID } from './local/chain.ts'
import { processIdentity } from './local/identity.ts'
import { LocalError } from './local/local-error.ts'
import { defaultFolder } from './local/local-file.ts'
import { readPorts } from './local/ports.ts'
import { seedOnce } from './local/seed-once.ts'
import { type Stack, startStack } from './local/stack.ts'
import { printSteps } from './local/steps.ts'
import { summaryOf, tableOf } from './local/summary.ts'

const HELP = `npm start: brings up the whole platform on this machine and keeps it up until Ctrl-C.

  npm start -- --json      prints where everything is as one JSON object, all accounts included
  npm start -- --no-seed   leaves the world empty
  npm start -- --help      this text

Data is kept in .terra (TERRA_FOLDER chooses another folder) until npm run reset.
Ports: WEB_PORT=3000 RPC_PORT=8545 DB_PORT=54329 SANDBOX_PORT=3100 SMTP_PORT=3125.`

/** One press of Ctrl-C may arrive several times, through npm and through the terminal; a second one meant as such comes later. */
const SECOND_PRESS_AFTER_MS = 1_000

const steps = printSteps(process.stderr)
let stack: Stack | undefined
let stoppingSince: number | undefined

async function main() {
  const { values } = parseArgs({ options: { json: { type: 'boolean' }, 'no-seed': { type: 'boolean' }, help: { type: 'boolean' } } })
  if (values.help) return console.log(HELP)
  const startedAt = Date.now()
  const dataFolder = defaultFolder()
  const starting = startStack({ dataFolder, ports: readPorts(), steps })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(starting))
  if (process.env.TERRA_STOP_WITH) followTo(Number(process.env.TERRA_STOP_WITH), starting)
  stack = await starting
  if (stoppingSince !== undefined) return
  if (!values['no-seed']) await seedOnce(dataFolder, stack.local, steps)
  if (stoppingSince !== undefined) return
  steps.say(`Ready after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`)
  const summary = summaryOf(stack.local, dataFolder, CHAIN_ID, !values['no-seed'])
  console.log(values.json ? JSON.stringify(summary, null, 2) : tableOf(summary))
}

/** For programs that start a stack of their own (TERRA_STOP_WITH=<their process>): ends when they end, however they end. */
function followTo(pid: number, starting: Promise<Stack>) {
  const identity = processIdentity(pid)
  const timer = setInterval(() => {
    if (processIdentity(pid) === identity) return
    clearInterval(timer)
    void stop(starting)
  }, 500)
}

async function stop(starting: Promise<Stack>) {
  if (stoppingSince !== undefined) {
    if (Date.now() - stoppingSince < SECOND_PRESS_AFTER_MS) return
    steps.warn('Ending everything at once.')
    stack?.kill()
    process.exit(130)
  }
  stoppingSince = Date.now()
  steps.say(stack === undefined ? 'Stopping as soon as this step is done' : 'Stopping; Ctrl-C again ends everything at once')
  const started = await starting.catch(() => undefined)
  await started?.stop()
  steps.say('Stopped')
  process.exit(started === undefined ? 1 : 0)
}

try {
  await main()
} catch (error) {
  if (stoppingSince === undefined) {
    console.error(
      error instanceof LocalError || (error as Error).message?.startsWith('Bad environment') ? `error: ${(error as Error).message}` : error,
    )
    await stack?.stop()
    process.exit(1)
  }
}
