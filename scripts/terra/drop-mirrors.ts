import type pg from 'pg'
import { quote } from '../../indexer/export/relation.ts'
import { isThere, rebuildOf } from '../../indexer/reindex-build.ts'
import { takeLead } from '../../indexer/reindex-swap.ts'
import { CliError } from './cli-error.ts'
import type { Outcome } from './command.ts'
import type { Context } from './context.ts'
import { confirm } from './terminal.ts'

/** One reindexing of a mirror at a time; the lock goes with the connection. @throws CliError LOCKED */
export async function takeReindexLock(db: pg.Client, schema: string): Promise<void> {
  const { rows } = await db.query<{ isMine: boolean }>(`select pg_try_advisory_lock(hashtext('terra reindex'), hashtext($1)) as "isMine"`, [
    schema,
  ])
  if (!rows[0]!.isMine) throw new CliError('LOCKED', `Another terra reindex is at work on ${schema}`, { hint: 'wait until it ends' })
}

/** Throws away a mirror that was built and not exchanged. */
export async function discardRebuild(context: Context, db: pg.Client, schema: string): Promise<Outcome> {
  const rebuilt = rebuildOf(schema)
  if (!(await isThere(db, rebuilt))) return { data: { status: 'already_done' }, text: 'Nothing was built: already done.' }
  return drop(context, db, [rebuilt])
}

/** Drops the tables that exchanges left behind. */
export async function dropOld(context: Context, db: pg.Client, schema: string): Promise<Outcome> {
  const { rows } = await db.query<{ name: string }>('select nspname as name from pg_namespace where starts_with(nspname, $1) order by 1', [
    `${schema}_before_`,
  ])
  if (rows.length === 0) return { data: { status: 'already_done' }, text: 'No old tables are kept: already done.' }
  return drop(
    context,
    db,
    rows.map(({ name }) => name),
  )
}

async function drop(context: Context, db: pg.Client, schemas: string[]): Promise<Outcome> {
  const list = schemas.join(', ')
  if (context.options.dryRun) return { data: { status: 'planned', schemas }, text: `Would drop ${list}. Nothing was dropped.` }
  await confirm(context.terminal, `Drop ${list} with everything in it?`, context.options.yes ?? false)
  for (const name of schemas) {
    // A killed run's indexer may still hold on to it for a moment.
    await takeLead(db, name)
    await db.query(`drop schema ${quote(name)} cascade`)
  }
  return { data: { status: 'dropped', schemas }, text: `Dropped ${list}.` }
}
