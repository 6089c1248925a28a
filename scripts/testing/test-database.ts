import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../common/node/testing.ts'
import { startPostgres } from '../local/postgres.ts'
import { openRegistry } from '../local/registry.ts'

/** A Postgres of its own for one test run, fast because nobody keeps it; `stop` leaves nothing behind. */
export async function startTestDatabase(warn: (sentence: string) => void): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'terra-database-'))
  // mkdtemp lets only its owner in, and Postgres may run as another user.
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'logs'))
  const registry = openRegistry(folder)
  const { adminUrl, child } = await startPostgres({
    folder,
    port: await freePort(),
    password: 'postgres',
    registry,
    settings: ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=300', 'shared_buffers=64MB'],
    onRestart: warn,
    warn,
  })
  return {
    url: adminUrl,
    async stop() {
      await child.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
