import { type Command, InvalidArgumentError } from 'commander'
import { invite } from '../../../api/issuers/invitations.ts'
import { inTransaction, type Pool } from '../../../common/node/db.ts'
import { MEMBER_ROLES, MODULES } from '../../../common/wire-issuer.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase } from '../context.ts'
import { formatTable } from '../table.ts'
import { confirm, type Terminal } from '../terminal.ts'

interface TermsOptions extends CommonOptions {
  feeBps?: number
  modules?: string[]
}

interface IssuerRow {
  id: string
  name: string
  members: number
  feeBps: number
  modules: string[]
}

/** `terra issuer`: who may list projects, and what was agreed with them. */
export function addIssuerCommands(program: Command, terminal: Terminal): void {
  const parent = program
    .command('issuer')
    .summary('show and make issuers, invite their members, agree on terms')
    .description(
      'Show and make issuers, invite their members, agree on terms. An issuer sees to its own members and settings in the web app.',
    )
  addCommand(parent, {
    usage: 'list',
    summary: 'every issuer with its terms in force',
    details: 'Reads only.',
    examples: ['issuer list', 'issuer list --json'],
  }).action(run(terminal, list))
  addCommand(parent, {
    usage: 'create',
    summary: 'make an issuer',
    details: 'It has every module and no fee until `terra issuer terms` says otherwise. Invite its first owner next.',
    examples: ['issuer create "Nordwind eG" DE'],
  })
    .argument('<name>', 'as registered')
    .argument('<country>', 'ISO 3166-1 alpha-2', parseCountry)
    .action(run(terminal, create))
  addCommand(parent, {
    usage: 'invite',
    summary: 'invite somebody to act for an issuer',
    details: 'The worker sends a link that is good for seven days, once. An open invitation to the same e-mail is no good any more.',
    examples: ['issuer invite "Nordwind eG" eva@nordwind.example', 'issuer invite "Nordwind eG" emil@nordwind.example --as editor'],
  })
    .argument('<issuer>', 'its name')
    .argument('<email>', 'whoever reads it')
    .option('--as <role>', `one of ${MEMBER_ROLES.join(', ')}`, 'owner')
    .action(run(terminal, inviteTo))
  addCommand(parent, {
    usage: 'terms',
    summary: 'agree on a fee and on modules from now on',
    details: 'Orders from before keep the fee of their day. What is not named stays as it is.',
    examples: ['issuer terms "Nordwind eG" --fee-bps 250', 'issuer terms "Nordwind eG" --modules listing news'],
  })
    .argument('<issuer>', 'its name')
    .option('--fee-bps <bps>', 'of what investors pay, in hundredths of a percent', parseBps)
    .option('--modules <code...>', `some of ${MODULES.join(', ')}`)
    .action(run(terminal, agree))
}

async function list(context: Context): Promise<Outcome> {
  const issuers = await listIssuers(await openDatabase(context), context.clock())
  const rows = issuers.map(({ name, members, feeBps, modules }) => [name, String(members), String(feeBps), modules.join(', ')])
  return {
    data: { issuers },
    text: issuers.length === 0 ? 'There is no issuer yet.' : formatTable(['Issuer', 'Members', 'Fee (bps)', 'Modules'], rows),
  }
}

async function create(context: Context, { dryRun, yes = false }: CommonOptions, name: string, country: string): Promise<Outcome> {
  const pool = await openDatabase(context)
  const known = (await listIssuers(pool, context.clock())).find((one) => one.name === name)
  if (known) return { data: { status: 'unchanged', id: known.id }, text: 'Already done.' }
  if (dryRun) return { data: { status: 'planned', name }, text: `${name} (${country}) would be an issuer. Nothing was changed.` }
  await confirm(context.terminal, `Make ${name} (${country}) an issuer?`, yes)
  const { rows } = await pool.query<{ id: string }>('insert into app.issuer (name, country) values ($1, $2) returning id', [name, country])
  return { data: { status: 'created', id: rows[0]!.id }, text: `${name} is an issuer: ${rows[0]!.id}` }
}

async function inviteTo(context: Context, options: CommonOptions & { as: string }, name: string, email: string): Promise<Outcome> {
  const { dryRun, yes = false } = options
  const role = MEMBER_ROLES.find((one) => one === options.as)
  if (!role) throw new CliError('USAGE', `There is no member role "${options.as}"`, { hint: `one of ${MEMBER_ROLES.join(', ')}` })
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email)) throw new CliError('USAGE', `"${email}" is no e-mail address`)
  const pool = await openDatabase(context)
  const issuer = await findIssuer(pool, name, context.clock())
  const what = `${email} to act for ${name} as ${role}`
  if (dryRun) return { data: { status: 'planned', role }, text: `Would invite ${what}. Nothing was sent.` }
  await confirm(context.terminal, `Invite ${what}?`, yes)
  const invitation = await inTransaction(pool, (db) =>
    invite(db, { issuerId: issuer.id, email, role, invitedBy: null }, context.clock()),
  ).catch((cause) => {
    throw new CliError('REFUSED', (cause as Error).message, { cause })
  })
  return { data: { status: 'invited', id: invitation.id, role }, text: `Invited ${what}. The worker sends the mail.` }
}

async function agree(context: Context, { feeBps, modules, dryRun, yes = false }: TermsOptions, name: string): Promise<Outcome> {
  const unknown = modules?.find((code) => !MODULES.includes(code as never))
  if (unknown !== undefined) throw new CliError('USAGE', `There is no module "${unknown}"`, { hint: `some of ${MODULES.join(', ')}` })
  const pool = await openDatabase(context)
  const issuer = await findIssuer(pool, name, context.clock())
  const terms = { feeBps: feeBps ?? issuer.feeBps, modules: modules ? [...new Set(modules)].sort() : issuer.modules }
  if (terms.feeBps === issuer.feeBps && terms.modules.join() === issuer.modules.join())
    return { data: { status: 'unchanged', ...terms }, text: 'Already done.' }
  const what = `${name} pays ${terms.feeBps} hundredths of a percent and has ${terms.modules.join(', ') || 'no module'}`
  if (dryRun) return { data: { status: 'planned', ...terms }, text: `${what}: not yet, nothing was changed.` }
  await confirm(context.terminal, `From now on ${what}?`, yes)
  await pool.query('insert into app.issuer_terms (issuer_id, effective_from, fee_bps, modules) values ($1, $2, $3, $4)', [
    issuer.id,
    context.clock(),
    terms.feeBps,
    terms.modules,
  ])
  return { data: { status: 'agreed', ...terms }, text: `From now on ${what}.` }
}

async function findIssuer(pool: Pool, name: string, now: Date): Promise<IssuerRow> {
  const found = (await listIssuers(pool, now)).find((one) => one.name === name)
  if (!found) throw new CliError('NOT_FOUND', `There is no issuer "${name}"`, { hint: 'list them with `terra issuer list`' })
  return found
}

async function listIssuers(pool: Pool, now: Date): Promise<IssuerRow[]> {
  const { rows } = await pool.query<IssuerRow>(
    `select i.id, i.name, (select count(*)::int from app.issuer_member m where m.issuer_id = i.id) as members, t.fee_bps as "feeBps", t.modules
     from app.issuer i
     cross join lateral (
       select fee_bps, array(select unnest(modules) order by 1) as modules from app.issuer_terms
       where issuer_id = i.id and effective_from <= $1
       order by effective_from desc
       limit 1
     ) t
     order by i.name`,
    [now],
  )
  return rows
}

function parseCountry(value: string): string {
  if (!/^[A-Z]{2}$/.test(value)) throw new InvalidArgumentError('Two letters, like DE.')
  return value
}

function parseBps(value: string): number {
  const bps = Number(value)
  if (!/^\d{1,5}$/.test(value) || bps > 10_000) throw new InvalidArgumentError('From 0 to 10000.')
  return bps
}
