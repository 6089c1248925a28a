import type { Command } from 'commander'
import { loadList } from '../../../api/sanctions/load-list.ts'
import { countUnscreened } from '../../../api/sanctions/screen.ts'
import { AppError } from '../../../common/errors.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase } from '../context.ts'
import { formatTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'

interface ListRow {
  source: string
  publishedOn: string
  entries: number
  sha256: string
  loadedAt: Date
  isInForce: boolean
}

/** `terra sanctions`: which lists are in force, and loading newer ones. */
export function addSanctionsCommands(program: Command, terminal: Terminal): void {
  const parent = program
    .command('sanctions')
    .summary('load sanctions lists, and see how far everybody is compared with them')
    .description('Load sanctions lists, and see how far everybody is compared with them.')
  addCommand(parent, {
    usage: 'load',
    summary: 'put a sanctions list in force',
    details:
      'Takes a list as it is published: OFAC SDN.XML, the EU consolidated list (xmlFullSanctionsList 1.1), the UN consolidated list. Earlier versions ' +
      'stay. A file that is cut short, malformed or far shorter than the list in force is refused, and the list in force stays. The same file again ' +
      'changes nothing. The worker then compares everybody anew; see "sanctions status".',
    examples: ['sanctions load SDN.XML', 'sanctions load 20261119-FULL-1_1.xml', 'sanctions load consolidated.xml --allow-shorter'],
  })
    .argument('<file>', 'the list')
    .option('--allow-shorter', 'also load a list that is more than a fifth shorter than the one in force')
    .action(run(terminal, load))
  addCommand(parent, {
    usage: 'status',
    summary: 'show the lists and how many accounts are still to be compared',
    details: 'Changes nothing. Exit code 1 while no list is loaded.',
    examples: ['sanctions status', 'sanctions status --json'],
  }).action(run(terminal, status))
}

async function load(
  context: Context,
  { allowShorter = false, dryRun }: CommonOptions & { allowShorter?: boolean },
  file: string,
): Promise<Outcome> {
  if (dryRun)
    throw new CliError('USAGE', 'Loading has no dry run: it only adds, and nothing is lost by it', { hint: 'leave --dry-run out' })
  const pool = await openDatabase(context)
  const list = await loadList({ pool, clock: context.clock }, file, { mayShrink: allowShorter }).catch((error) => {
    if (!(error instanceof AppError)) throw error
    throw new CliError('REFUSED', error.message, { hint: 'download the file again', cause: error })
  })
  const name = `${list.source} of ${list.publishedOn} with ${list.entries} entries`
  const text = !list.isNew
    ? `${name} was loaded before. Nothing was changed.`
    : list.isInForce
      ? `${name} is in force. The worker compares everybody with it.`
      : `${name} was kept, but a newer one is in force.`
  return { data: { ...list }, text }
}

async function status(context: Context): Promise<Outcome> {
  const pool = await openDatabase(context)
  const { rows } = await pool.query<ListRow>(
    `select l.source, l.published_on::text as "publishedOn", l.entries, encode(l.sha256, 'hex') as sha256, l.loaded_at as "loadedAt",
       l.id in (select id from app.sanctions_current) as "isInForce"
     from app.sanctions_list l
     order by l.source, l.published_on desc, l.loaded_at desc`,
  )
  const waiting = await countUnscreened(pool)
  const { rows: accounts } = await pool.query<{ total: number }>('select count(*)::int as total from app.screening')
  const total = accounts[0]!.total
  const table = formatTable(
    ['List', 'Published', 'Entries', 'SHA-256', 'In force'],
    rows.map(({ source, publishedOn, entries, sha256, isInForce }) => [
      source,
      publishedOn,
      String(entries),
      sha256.slice(0, 16),
      isInForce ? 'yes' : 'no',
    ]),
  )
  const text =
    rows.length === 0
      ? 'No sanctions list is loaded: nobody is compared with any.'
      : `${table}\n${total - waiting} of ${total} accounts are compared with what is in force.`
  return { data: { lists: rows, accounts: total, waiting }, text, isBad: rows.length === 0 }
}
