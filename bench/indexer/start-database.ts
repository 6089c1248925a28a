import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from '../../common/node/testing.ts'
import { startPostgres } from '../../scripts/local/postgres.ts'
import { openRegistry } from '../../scripts/local/registry.ts'
import type { Cleanup } from './cleanup.ts'

/** The one Postgres that all contestants write to. */
export interface DatabaseServer {
  /** The administrator's address of the server's own database. */
  adminUrl: string
  pid: number
}

/** Everything that keeps data safe is as Postgres has it by default: fsync, full pages and synchronous commit are on. */
const SETTINGS = ['shared_buffers=1GB', 'max_wal_size=8GB']

/** `folder` must have a folder `logs`. */
export async function startDatabase(folder: string, cleanup: Cleanup): Promise<DatabaseServer> {
  const warn = (sentence: string) => void process.stderr.write(`${sentence}\n`)
  const registry = openRegistry(folder)
  const options = { folder, port: await freePort(), password: 'postgres', registry, settings: SETTINGS, onRestart: warn, warn }
  const { adminUrl, child } = await startPostgres(options)
  cleanup.add(() => child.stop())
  const pid = Number((await readFile(join(folder, 'pg', 'postmaster.pid'), 'utf8')).split('\n')[0])
  return { adminUrl, pid }
}

/** An empty database; what was written before is on disk, so that the next run doesn't pay for it. */
export async function createEmptyDatabase(adminUrl: string, name: string): Promise<{ url: string; drop(): Promise<void> }> {
  await asAdmin(adminUrl, async (admin) => {
    await admin.query(`drop database if exists ${name} with (force)`)
    await admin.query(`create database ${name} template template0`)
    await admin.query('checkpoint')
  })
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    drop: () => asAdmin(adminUrl, async (admin) => void (await admin.query(`drop database if exists ${name} with (force)`))),
  }
}

export async function asAdmin<T>(adminUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}
