import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CHAIN_ID } from '../local/chain.ts'
import { randomPorts } from '../local/ports.ts'
import { seedOnce } from '../local/seed-once.ts'
import { startStack } from '../local/stack.ts'
import type { Steps } from '../local/steps.ts'
import { summaryOf } from '../local/summary.ts'
import { ensureChromium } from './chromium.ts'

/**
 * A browser and a whole seeded platform on ports of its own. The browser tests learn of them by CHROMIUM_PATH and by E2E_WORLD, a
 * file with what `npm start -- --json` prints.
 */
export async function startBrowserStage(steps: Steps): Promise<{ env: Record<string, string>; stop(): Promise<void> }> {
  const chromium = await ensureChromium(steps.say)
  const dataFolder = await mkdtemp(join(tmpdir(), 'terra-browser-'))
  await chmod(dataFolder, 0o755)
  const undo: (() => Promise<void>)[] = [() => rm(dataFolder, { recursive: true, force: true, maxRetries: 5 })]
  const stop = async () => {
    for (const work of undo.splice(0).reverse()) await work()
  }
  try {
    // Commits stay synchronous: a test kills this database and counts on what it was told.
    const settings = ['fsync=off']
    const stack = await startStack({ dataFolder, ports: await randomPorts(), steps, postgresSettings: settings })
    undo.push(() => stack.stop())
    await seedOnce(dataFolder, stack.local, steps)
    const world = join(dataFolder, 'world.json')
    await writeFile(world, JSON.stringify(summaryOf(stack.local, dataFolder, CHAIN_ID, true)))
    return { stop, env: { CHROMIUM_PATH: chromium, E2E_WORLD: world } }
  } catch (error) {
    await stop()
    throw error
  }
}
