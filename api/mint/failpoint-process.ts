import { privateKeyToAccount } from 'viem/accounts'
import { openPool } from '../../common/node/db.ts'
import { readDeployment } from '../../common/node/deployment.ts'
import { openLog } from '../../common/node/log.ts'
import { FIRST_CYCLE, runCycle } from './cycle.ts'
import { openNodes } from './nodes.ts'
import { FAST, MINTER_KEY, PAYMENT_ATTESTOR_KEY } from './testing.ts'

/** Mints until the named step, and there loses power. For failpoints.test.ts, which starts it as a process of its own. */
const { DATABASE_URL = '', RPC_URL = '', DEPLOYMENT_FILE = '', DIE_AT } = process.env
const deployment = await readDeployment(DEPLOYMENT_FILE)
const engine = {
  pool: openPool(DATABASE_URL),
  nodes: openNodes([RPC_URL], deployment.chainId),
  deployment,
  minter: privateKeyToAccount(MINTER_KEY),
  paymentAttestor: privateKeyToAccount(PAYMENT_ATTESTOR_KEY),
  clock: () => new Date(),
  log: openLog('worker', 'silent'),
  async step(name: string) {
    if (name === DIE_AT) process.kill(process.pid, 'SIGKILL')
  },
  settings: FAST,
}
let state = FIRST_CYCLE
for (;;) state = await runCycle(engine, state).catch(() => state)
