import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inTransaction, type Pool } from './db.ts'
import { readViews, refreshViews } from './views.ts'

/** The database roles that keep the schemas apart; see the grants in the migrations. */
export const ROLES = ['terra_indexer', 'terra_api', 'terra_worker', 'terra_analyst'] as const
export type DatabaseRole = (typeof ROLES)[number]

const root = join(import.meta.dirname, '..', '..')
/** In this order: `app` uses domains of `chain`. */
const FOLDERS = ['indexer/sql', 'api/sql'] as const

/**
 * Brings a database to the newest schema, forward only, one transaction per file, and returns the files it ran. Views over the mirror
 * follow in one more transaction, whenever one of their files changed.
 * `passwords` gives the roles their logins; without one a role cannot log in.
 */
export async function migrate(pool: Pool, passwords: Partial<Record<DatabaseRole, string>> = {}): Promise<string[]> {
  await inTransaction(pool, async (db) => {
    // Roles belong to the whole server: two databases being set up at once must not collide.
    await db.query(`select pg_advisory_xact_lock(hashtext('terra_roles'))`)
    for (const role of ROLES) {
      await db.query(
        `do $$ begin if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if; end $$`,
      )
      const password = passwords[role]
      if (password !== undefined) {
        const { rows } = await db.query<{ sql: string }>(`select format('alter role %I login password %L', $1::text, $2::text) as sql`, [
          role,
          password,
        ])
        await db.query(rows[0]!.sql)
      }
    }
    // The mirror's tables and views belong to it. Only an administrator who is no superuser has to be told that he may.
    await db.query(
      `do $$ begin if not pg_has_role(current_user, 'terra_indexer', 'set') then execute 'grant terra_indexer to current_user'; end if; end $$`,
    )
    await db.query('create table if not exists public.migration (name text primary key, run_at timestamptz not null default now())')
    // Of files that run again when they change; null for migrations, which never do.
    await db.query('alter table public.migration add column if not exists digest text')
    // The indexer sees by it whether the database is newer than itself; proofs of the mirror tell it.
    await db.query('grant select on public.migration to terra_indexer, terra_worker, terra_analyst')
  })
  const ran: string[] = []
  for (const { name, sql } of await readMigrations()) {
    const isNew = await inTransaction(pool, async (db) => {
      // The ledger row comes first, so that of two starters one waits for the other and then finds it done.
      const { rowCount } = await db.query('insert into public.migration (name) values ($1) on conflict do nothing', [name])
      if (rowCount === 0) return false
      await db.query(sql)
      return true
    })
    if (isNew) ran.push(name)
  }
  const refreshed = await inTransaction(pool, async (db) => {
    // Two starters must not replay at once.
    await db.query(`select pg_advisory_xact_lock(hashtext('terra_views'))`)
    return refreshViews(db)
  })
  return [...ran, ...refreshed]
}

/** SHA-256 of all migrations and views: changes whenever the schema may have changed. */
export async function migrationsDigest(): Promise<string> {
  return createHash('sha256')
    .update(JSON.stringify([await readMigrations(), await readViews()]))
    .digest('hex')
}

/** All migrations of this version, in order. */
export async function readMigrations(): Promise<{ name: string; sql: string }[]> {
  const migrations = []
  for (const folder of FOLDERS) {
    const files = (await readdir(join(root, folder))).filter((file) => file.endsWith('.sql')).sort()
    for (const file of files) migrations.push({ name: `${folder}/${file}`, sql: await readFile(join(root, folder, file), 'utf8') })
  }
  return migrations
}
