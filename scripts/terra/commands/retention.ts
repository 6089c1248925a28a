import type { Command } from 'commander'
import { countDue, endDue } from '../../../api/privacy/retention.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase } from '../context.ts'
import { formatTable } from '../table.ts'
import { confirm, type Terminal } from '../terminal.ts'

/** `terra retention`: ends data whose time is over; the worker does so every hour. */
export function addRetentionCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'retention',
    summary: 'end personal data whose time is over, or show what is due',
    details:
      'Each class of data is kept for its time and then deleted or blanked: see docs/privacy.md. The worker does it by itself every hour; this shows what is ' +
      'due and does it now. Orders, payments and the audit are not touched.',
    examples: ['retention --dry-run', 'retention --yes --json'],
  }).action(run(terminal, retention))
}

async function retention(context: Context, { dryRun, yes = false }: CommonOptions): Promise<Outcome> {
  const pool = await openDatabase(context)
  const due = await countDue(pool, context.clock())
  const table = formatTable(
    ['Rows due', 'Class', 'Kept'],
    due.map(({ rows, name, kept }) => [String(rows), name, kept]),
  )
  if (dryRun) return { data: { classes: due }, text: `${table}\nNothing was changed.` }
  const total = due.reduce((sum, { rows }) => sum + rows, 0)
  if (total === 0) return { data: { classes: due }, text: 'Nothing is due.' }
  await confirm(context.terminal, `${table}\nEnd ${total} rows?`, yes)
  const classes = await endDue(pool, context.clock())
  return { data: { classes }, text: `Ended ${classes.reduce((sum, { rows }) => sum + rows, 0)} rows.` }
}
