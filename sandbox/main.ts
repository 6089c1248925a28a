import { readEnv } from '../common/node/env.ts'
import { openLog } from '../common/node/log.ts'
import { SandboxEnv } from './env.ts'
import { startSandbox } from './sandbox.ts'

const log = openLog('sandbox')
try {
  const sandbox = await startSandbox(readEnv(SandboxEnv), () => new Date())
  log.info({ url: sandbox.url, smtpPort: sandbox.smtpPort }, 'sandbox listening')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await sandbox.close()
      process.exit(0)
    })
  }
} catch (error) {
  log.error({ error: (error as Error).message }, 'sandbox could not start')
  process.exitCode = 1
}
