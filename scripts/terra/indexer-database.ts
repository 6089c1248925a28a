import pg from 'pg'
import { readLocalFile } from '../local/local-file.ts'
import { CliError } from './cli-error.ts'
import { type Context, need } from './context.ts'

/** The role that the mirror's tables belong to. */
const ROLE = 'terra_indexer'

/**
 * How to log in with the indexer's rights: every connection made by it has them, whatever the login is called.
 * @param given By --indexer-database or INDEXER_DATABASE_URL
 * @throws CliError SETTING_MISSING
 */
export function indexerDatabaseUrl(context: Context, given: string | undefined): string {
  const local = context.settings.isLocal ? readLocalFile()?.adminDatabaseUrl : undefined
  const url = new URL(need(given ?? local, 'the database as terra_indexer', '--indexer-database or INDEXER_DATABASE_URL'))
  url.searchParams.set('options', `-c role=${ROLE}`)
  return url.href
}

/** A connection of its own, closed when the command ends. @throws CliError DATABASE_UNREACHABLE */
export async function openIndexerDatabase(context: Context, url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'terra-cli' })
  client.on('error', () => {})
  await client.connect().catch((cause) => {
    throw new CliError('DATABASE_UNREACHABLE', `The database does not let this login act as ${ROLE}`, {
      hint: 'check --indexer-database, and that the database answers',
      cause,
    })
  })
  context.onClose(() => client.end())
  return client
}
