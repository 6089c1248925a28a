import type { Command } from 'commander'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase } from '../context.ts'
import { formatTable } from '../table.ts'
import { confirm, type Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  review?: string
}

interface Incident {
  block: string
  hash: string
  replacedBy: string
  foundAt: Date
}

/** `terra incidents`: final blocks that were replaced; minting waits until each was reviewed. */
export function addIncidentsCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'incidents',
    summary: 'show final blocks that the chain replaced, and go on minting',
    details:
      'When a block that a node had called final is replaced, nothing more is minted until an operator has looked at it. Compare the chain with ' +
      'another provider, run "terra verify", then review with the reason: minting goes on. A review cannot be taken back. Exit code 1 while one is open.',
    examples: ['incidents', 'incidents --json', 'incidents --review "Bor advisory of 3 May: reorganised, verified against two providers"'],
  })
    .option('--review <reason>', 'say what was found about all open ones, so that minting goes on')
    .action(run(terminal, incidents))
}

async function incidents(context: Context, { review, yes = false, dryRun }: Options): Promise<Outcome> {
  const pool = await openDatabase(context)
  const { rows } = await pool.query<Incident>(
    `select block_number as block, block_hash as hash, replaced_by as "replacedBy", found_at as "foundAt"
    from app.open_incident
    order by block_number`,
  )
  const table = formatTable(
    ['Block', 'Was', 'Replaced by', 'Found'],
    rows.map(({ block, hash, replacedBy, foundAt }) => [block, hash, replacedBy, foundAt.toISOString()]),
  )
  if (rows.length === 0)
    return { data: { incidents: [] }, text: 'No final block was replaced that nobody has looked at. Nothing halts minting.' }
  if (review === undefined) return { data: { incidents: rows }, text: `${table}\nMinting is halted until they are reviewed.`, isBad: true }
  if (review.trim() === '') throw new CliError('USAGE', 'A review needs its reason', { hint: 'say what was found, in a sentence' })
  if (dryRun) return { data: { incidents: rows }, text: `${table}\nWould be reviewed. Nothing was changed.` }
  await confirm(context.terminal, `${table}\nGo on minting?`, yes)
  await pool.query(
    `insert into app.incident_review (block_number, block_hash, reviewed_at, reason)
    select block_number, block_hash, $2, $1
    from app.open_incident
    on conflict do nothing`,
    [review.trim(), context.clock()],
  )
  return { data: { reviewed: rows.length }, text: `Reviewed ${rows.length}. Minting goes on.` }
}
