import type { Command } from 'commander'
import { findCase, findCaseFile, listCases } from '../../../api/review/queries.ts'
import { CaseKind, type ReviewCase } from '../../../common/wire-review.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase } from '../context.ts'
import { formatTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  kind?: string
  decided?: boolean
}

const KINDS = CaseKind.anyOf.map(({ const: kind }) => kind)
const MOST = 100

/** `terra review`: what waits at the review desk, or one case. */
export function addReviewCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'review',
    summary: 'show what staff has to decide, or one case with its evidence',
    details:
      'Changes nothing: a decision asks who decides, by their own second factor, and is made at the desk in the web app. Names of people are sealed and ' +
      'are not shown here. Exit code 1 while a case is late.',
    examples: ['review', 'review --kind sanctions --json', 'review 6f1c0a52-9a55-4b0e-8b0e-0d7b7c1f0a11'],
  })
    .argument('[case]', 'the id of a case')
    .option('--kind <kind>', `only cases of this kind: ${KINDS.join(', ')}`)
    .option('--decided', 'what was decided instead of what waits')
    .action(run(terminal, review))
}

async function review(context: Context, { kind, decided = false }: Options, id?: string): Promise<Outcome> {
  if (kind !== undefined && !KINDS.includes(kind as never))
    throw new CliError('USAGE', `There are no cases of the kind "${kind}"`, { hint: `one of ${KINDS.join(', ')}` })
  const pool = await openDatabase(context)
  const now = context.clock()
  if (id !== undefined) {
    const found = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? await findCase(pool, id) : undefined
    if (!found) throw new CliError('NOT_FOUND', `There is no case ${id}`, { hint: 'list them with `terra review`' })
    const { evidence, steps } = await findCaseFile(pool, id)
    const lines = [
      tableOf([found], now),
      '',
      found.reason,
      JSON.stringify(evidence, null, 2),
      ...steps.map(({ at, deed, outcome, actor, reason }) => [at, deed, outcome, actor?.email, reason].filter(Boolean).join('  ')),
    ]
    return { data: { case: { ...found, evidence, steps } }, text: lines.join('\n') }
  }
  const cases = await listCases(pool, { state: decided ? 'decided' : 'waiting', kind }, { after: undefined, limit: MOST })
  const late = decided ? [] : cases.filter(({ dueAt }) => new Date(dueAt) < now)
  const text = cases.length === 0 ? (decided ? 'Nothing was decided yet.' : 'Nothing waits.') : tableOf(cases, now)
  return { data: { cases, late: late.length }, text, isBad: late.length > 0 }
}

function tableOf(cases: readonly ReviewCase[], now: Date): string {
  return formatTable(
    ['Case', 'Kind', 'Investor', 'State', 'Due', 'Assigned to'],
    cases.map(({ id, kind, investorId, state, dueAt, decision, assignee }) => [
      id,
      kind,
      investorId,
      decision?.outcome ?? state,
      dueAt + (state !== 'decided' && new Date(dueAt) < now ? ' late' : ''),
      assignee?.email ?? '',
    ]),
  )
}
