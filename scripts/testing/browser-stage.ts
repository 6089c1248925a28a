import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomPorts } from '../local/ports.ts'
import { seedOnce } from '../local/seed-once.ts'
import { startStack } from '../local/stack.ts'
import type { Steps } from '../local/steps.ts'
import { ensureChromium } from './chromium.ts'

/** A browser and a whole seeded platform on ports of its own, and what the browser tests are told about them. */
export async function startBrowserStage(steps: Steps): Promise<{ env: Record<string, string>; stop(): Promise<void> }> {
  const chromium = await ensureChromium(steps.say)
  const dataFolder = await mkdtemp(join(tmpdir(), 'terra-e2e-'))
  await chmod(dataFolder, 0o755)
  const stack = await startStack({
    dataFolder,
    ports: await randomPorts(),
    steps,
    postgresSettings: ['fsync=off', 'synchronous_commit=off'],
  })
  const stop = async () => {
    await stack.stop()
    await rm(dataFolder, { recursive: true, force: true })
  }
  try {
    await seedOnce(dataFolder, stack.local, steps)
  } catch (error) {
    await stop()
    throw error
  }
  const { webUrl, sandboxUrl, rpcUrl } = stack.local
  return {
    stop,
    env: { CHROMIUM_PATH: chromium, TERRA_WEB_URL: webUrl, TERRA_SANDBOX_URL: sandboxUrl, TERRA_RPC_URL: rpcUrl, TERRA_FOLDER: dataFolder },
  }
}
