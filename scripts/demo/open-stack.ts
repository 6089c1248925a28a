import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalFile, readLocalFile } from '../local/local-file.ts'
import { randomPorts } from '../local/ports.ts'
import { type Stack, startStack } from '../local/stack.ts'
import type { Steps } from '../local/steps.ts'

export interface OpenStack {
  local: LocalFile
  /** True when it was brought up here and goes away again. */
  isOwn: boolean
  close(): Promise<void>
}

/** The stack that `npm start` keeps up, when it answers; else a fresh one of its own, in a folder and on ports nobody uses. */
export async function openStack(steps: Steps): Promise<OpenStack> {
  const running = readLocalFile()
  if (running !== undefined && (await isReady(running.webUrl))) return { local: running, isOwn: false, close: async () => {} }
  const folder = await mkdtemp(join(tmpdir(), 'terra-lumina-'))
  // The database may run as another user than root, who must be able to enter.
  await chmod(folder, 0o711)
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 5 })
  let stack: Stack
  try {
    stack = await startStack({ dataFolder: folder, ports: await randomPorts(), steps, postgresSettings: ['fsync=off'] })
  } catch (error) {
    await remove()
    throw error
  }
  return {
    local: stack.local,
    isOwn: true,
    async close() {
      await stack.stop()
      await remove()
    },
  }
}

async function isReady(webUrl: string): Promise<boolean> {
  return fetch(`${webUrl}/ready`, { signal: AbortSignal.timeout(3_000) }).then(
    ({ ok }) => ok,
    () => false,
  )
}
