import pg from 'pg'
import { quote } from '../../indexer/export/relation.ts'
import { repairBlocks } from '../../indexer/repair.ts'
import type { VerifyReport } from '../../indexer/verify.ts'
import { readLocalFile } from '../local/local-file.ts'
import { CliError } from './cli-error.ts'
import { type Context, need } from './context.ts'
import type { MirrorStage } from './mirror-stage.ts'
import { confirm } from './terminal.ts'

/**
 * Mends the blocks that a report calls damaged, and what is worked out from their rows, as the indexer's role, after asking.
 * @throws CliError SETTING_MISSING when nobody says how to log in as that role
 */
export async function repairMirror(
  context: Context,
  stage: MirrorStage,
  report: VerifyReport,
  databaseUrl: string | undefined,
): Promise<void> {
  const local = context.settings.isLocal ? readLocalFile()?.adminDatabaseUrl : undefined
  const url = need(databaseUrl ?? local, 'the database as terra_indexer', '--indexer-database or INDEXER_DATABASE_URL')
  if (context.options.dryRun)
    throw new CliError('USAGE', '--repair and --dry-run exclude each other', { hint: 'without --repair it only reads' })
  const blocks = report.damage.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)).join(', ')
  const question = blocks === '' ? 'Add up all holdings from their transfers anew?' : `Read blocks ${blocks} again and replace their rows?`
  await confirm(context.terminal, question, context.options.yes ?? false)
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  try {
    await db.query('set role terra_indexer')
    await db.query(`set search_path = ${quote(stage.schema)}`)
    await repairBlocks({ db, client: stage.client, contracts: stage.contracts }, report.damage)
  } finally {
    await db.end()
  }
}
