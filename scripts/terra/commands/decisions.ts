import type { Command } from 'commander'
import { listAllRules, replay, type StoredDecision } from '../../../api/investments/decision.ts'
import type { Pool } from '../../../common/node/db.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase } from '../context.ts'
import { formatTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  investment?: string
}

interface Row extends StoredDecision {
  id: string
  subject: string
  investmentId: string | null
  projectId: number
  allowed: boolean
  findings: Kept[]
}

/** A finding as it is kept. */
interface Kept {
  code: string
  passed: boolean
  message: string
  citation: string
  effectiveFrom: string
}

/** `terra decisions`: why orders were taken or refused, and whether they would be today by the rules of their day. */
export function addDecisionsCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'decisions',
    summary: 'make every kept decision about an order again, or explain one',
    details:
      'Each order is measured by dated rules, and what they answered is kept with all that they looked at. Decides them again by the rules that ' +
      'were in force then and lists those that would be answered otherwise: a rule was edited, or the program changed its mind. Exit code 1 when there ' +
      'is one. Decisions of versions that kept no facts are counted apart.',
    examples: ['decisions', 'decisions --json', 'decisions --investment 6f1c0a52-9a55-4b0e-8b0e-0d7b7c1f0a11'],
  })
    .option('--investment <id>', 'show each rule that was asked about this investment, and its answer')
    .action(run(terminal, decisions))
}

async function decisions(context: Context, { investment }: Options): Promise<Outcome> {
  const pool = await openDatabase(context)
  return investment === undefined ? replayAll(context, pool) : explain(pool, investment)
}

const ROWS_AT_ONCE = 1_000

async function replayAll({ progress }: Context, pool: Pool): Promise<Outcome> {
  const rules = await listAllRules(pool)
  const { rows: counted } = await pool.query<{ total: number }>('select count(*)::int as total from app.decision')
  const total = counted[0]!.total
  const different: { id: string; investmentId: string | null; reason: string }[] = []
  let [same, unkept, after] = [0, 0, '00000000-0000-0000-0000-000000000000']
  for (;;) {
    const { rows } = await pool.query<Row>(`${SELECT} where id > $1 order by id limit $2`, [after, ROWS_AT_ONCE])
    for (const row of rows) {
      const answer = replay(row, rules)
      if (row.facts === null) unkept++
      else if (answer === undefined) same++
      else different.push({ id: row.id, investmentId: row.investmentId, reason: answer.reason })
    }
    progress.advance(same + unkept + different.length, total, 'Deciding again')
    const last = rows.at(-1)
    if (last === undefined || rows.length < ROWS_AT_ONCE) break
    after = last.id
  }
  const summary = `${same} of ${total} decisions are answered the same${unkept === 0 ? '' : `; of ${unkept} no facts were kept`}.`
  const table = formatTable(
    ['Decision', 'Investment', 'What differs'],
    different.map(({ id, investmentId, reason }) => [id, investmentId ?? '', reason]),
  )
  return {
    data: { total, same, withoutFacts: unkept, different },
    text: different.length === 0 ? summary : `${table}\n${summary} ${different.length} are not.`,
    isBad: different.length > 0,
  }
}

async function explain(pool: Pool, investment: string): Promise<Outcome> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(investment))
    throw new CliError('USAGE', 'An investment is named by its UUID', { hint: 'copy it from the order' })
  const { rows } = await pool.query<Row>(`${SELECT} where investment_id = $1 order by decided_at`, [investment])
  if (rows.length === 0) throw new CliError('NOT_FOUND', `Nothing was decided about investment ${investment}`, { hint: 'check the id' })
  const { rows: marked } = await pool.query<{ key: string; unconfirmed: string }>(
    `select code || ' ' || to_char(effective_from at time zone 'UTC', 'YYYY-MM-DD') as key, unconfirmed from app.rule where unconfirmed is not null`,
  )
  const marks = new Map(marked.map(({ key, unconfirmed }) => [key, unconfirmed]))
  const text = rows.map(({ subject, allowed, decidedAt, findings }) => {
    const head = `${subject === 'invest' ? 'Order' : 'Before minting'}, ${decidedAt.toISOString()}: ${allowed ? 'allowed' : 'refused'}`
    return [head, ...findings.map((finding) => lineOf(finding, marks))].join('\n')
  })
  return { data: { decisions: rows }, text: text.join('\n\n') }
}

function lineOf({ code, passed, message, citation, effectiveFrom }: Kept, marks: Map<string, string>): string {
  const since = effectiveFrom.slice(0, 10)
  const mark = marks.get(`${code} ${since}`)
  const line = `${passed ? '✔' : '✘'} ${code}: ${message}\n    ${citation}; in force since ${since}`
  return mark === undefined ? line : `${line}\n    Not confirmed: ${mark}`
}

const SELECT = `select id, subject, investment_id as "investmentId", project_id as "projectId", allowed, findings, facts, decided_at as "decidedAt"
  from app.decision`
