import type { Command } from 'commander'
import { monthsBefore } from '../../../api/investments/ask.ts'
import { listRules } from '../../../api/investments/facts.ts'
import type { Db } from '../../../common/node/db.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase } from '../context.ts'
import { formatTable } from '../table.ts'
import { confirm, type Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  approve?: string
  refuse?: string
  by?: string
}

interface Request {
  id: string
  investorId: string
  evidence: Record<string, string | number>
  criteria: string[]
  requestedAt: Date
}

/** `terra sophistication`: requests to be treated as a sophisticated investor, and the answer to one. */
export function addSophisticationCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'sophistication',
    summary: 'list requests of sophisticated investors, or answer one',
    details:
      'Under Regulation (EU) 2020/1503, Annex II, an investor who meets the criteria is approved on request, unless there is reasonable doubt that what ' +
      'was stated is correct. Look at the evidence outside of this program first. An approval holds for as long as the rule ECSP_SOPHISTICATED says.',
    examples: ['sophistication', 'sophistication --approve 6f1c0a52-9a55-4b0e-8b0e-0d7b7c1f0a11 --by "M. Weber"'],
  })
    .option('--approve <id>', 'approve this request')
    .option('--refuse <id>', 'refuse this request')
    .option('--by <name>', 'who decided; kept with the answer')
    .action(run(terminal, sophistication))
}

async function sophistication(context: Context, { approve, refuse, by, dryRun, yes }: Options): Promise<Outcome> {
  if (approve !== undefined && refuse !== undefined)
    throw new CliError('USAGE', 'A request is approved or refused, not both', { hint: 'give one of them' })
  const pool = await openDatabase(context)
  const id = approve ?? refuse
  const open = await listOpen(pool)
  if (id === undefined) return { data: { requests: open }, text: open.length === 0 ? 'No request is open.' : tableOf(open) }
  if (!by) throw new CliError('USAGE', 'An answer needs a name', { hint: 'add --by with who decided' })
  const request = open.find((one) => one.id === id)
  if (!request) throw new CliError('NOT_FOUND', `No open request is ${id}`, { hint: 'list them with `terra sophistication`' })
  const now = context.clock()
  const validUntil = approve === undefined ? null : monthsBefore(now, -(await monthsOf(pool, now)))
  const what = validUntil === null ? 'refused' : `approved until ${validUntil.toISOString()}`
  if (dryRun) return { data: { status: 'planned', id, validUntil }, text: `Request ${id} would be ${what}. Nothing was changed.` }
  await confirm(context.terminal, `Answer the request of investor ${request.investorId}: ${what}?`, yes ?? false)
  const { rowCount } = await pool.query(
    'update app.sophistication set decided_at = $2, decided_by = $3, valid_until = $4 where id = $1 and decided_at is null',
    [id, now, by, validUntil],
  )
  if (rowCount === 0)
    throw new CliError('NOT_FOUND', 'The request was answered meanwhile', { hint: 'list them with `terra sophistication`' })
  return { data: { status: validUntil === null ? 'refused' : 'approved', id, validUntil }, text: `Request ${id} is ${what}.` }
}

async function listOpen(db: Db): Promise<Request[]> {
  const { rows } = await db.query<Request>(
    `select s.id, a.investor_id as "investorId", s.evidence, s.criteria, s.requested_at as "requestedAt"
     from app.sophistication s
     join app.account a on a.id = s.account_id
     where s.decided_at is null
     order by s.requested_at`,
  )
  return rows
}

async function monthsOf(db: Db, now: Date): Promise<number> {
  const rule = (await listRules(db, now)).find(({ code }) => code === 'ECSP_SOPHISTICATED')
  if (!rule) throw new CliError('NOT_READY', 'No rule ECSP_SOPHISTICATED is in force', { hint: 'run the migrations' })
  return (rule.value as { months: number }).months
}

function tableOf(requests: Request[]): string {
  return formatTable(
    ['Request', 'Investor', 'Asked', 'Criteria', 'Stated'],
    requests.map(({ id, investorId, requestedAt, criteria, evidence }) => [
      id,
      investorId,
      requestedAt.toISOString().slice(0, 10),
      criteria.join(', '),
      Object.entries(evidence)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    ]),
  )
}
