import type { Command } from 'commander'
import { inTransaction, type Pool } from '../../../common/node/db.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase } from '../context.ts'
import { formatTable } from '../table.ts'
import { confirm, type Terminal } from '../terminal.ts'

interface Right {
  code: string
  title: string
  roles: string[]
}

/** `terra permissions`: which role may do what in the api, and who has which role. On chain: `terra roles`. */
export function addPermissionsCommands(program: Command, terminal: Terminal): void {
  const parent = program
    .command('permissions')
    .summary('show or change which role may do what in the api, and who has which role')
    .description('Show or change which role may do what in the api, and who has which role. Who may do what on chain: terra roles.')
  addCommand(parent, {
    usage: 'list',
    summary: 'every right and the roles that have it',
    details: 'Reads only.',
    examples: ['permissions list', 'permissions list --json'],
  }).action(run(terminal, list))
  addCommand(parent, {
    usage: 'grant',
    summary: 'give a right to every account of a role',
    details: 'Holds from the next request on. Rights are listed by `terra permissions list`.',
    examples: ['permissions grant support review.work'],
  })
    .argument('<role>', 'as in app.role')
    .argument('<permission>', 'as in app.permission')
    .action(
      run(terminal, (context: Context, options: CommonOptions, role: string, code: string) => change(context, options, role, code, true)),
    )
  addCommand(parent, {
    usage: 'revoke',
    summary: 'take a right from every account of a role',
    details: 'Holds from the next request on.',
    examples: ['permissions revoke operator review.work'],
  })
    .argument('<role>', 'as in app.role')
    .argument('<permission>', 'as in app.permission')
    .action(
      run(terminal, (context: Context, options: CommonOptions, role: string, code: string) => change(context, options, role, code, false)),
    )
  addCommand(parent, {
    usage: 'assign',
    summary: 'give an account its role',
    details:
      'An account has one role; the former one ends with this. Holds from the next request on. Staff does nothing before it has proven a second factor. ' +
      'Who acts for an issuer has its role by that: end the membership first.',
    examples: ['permissions assign m.weber@terra-lumina.example compliance'],
  })
    .argument('<email>', 'of the account')
    .argument('<role>', 'as in app.role')
    .action(run(terminal, assign))
}

async function list(context: Context): Promise<Outcome> {
  const permissions = await listRights(await openDatabase(context))
  const text = formatTable(
    ['Right', 'What', 'Roles'],
    permissions.map(({ code, title, roles }) => [code, title, roles.join(', ')]),
  )
  return { data: { permissions }, text }
}

async function change(
  context: Context,
  { dryRun, yes = false }: CommonOptions,
  role: string,
  code: string,
  gives: boolean,
): Promise<Outcome> {
  const pool = await openDatabase(context)
  await findRole(pool, role)
  const right = (await listRights(pool)).find((one) => one.code === code)
  if (!right) throw new CliError('NOT_FOUND', `There is no right "${code}"`, { hint: 'list them with `terra permissions list`' })
  const data = { role, permission: code }
  if (right.roles.includes(role) === gives) return { data: { status: 'unchanged', ...data }, text: 'Already done.' }
  const what = gives ? `Every ${role} may from now on: ${right.title}` : `No ${role} may from now on: ${right.title}`
  if (dryRun) return { data: { status: 'planned', ...data }, text: `${what}. Nothing was changed.` }
  await confirm(context.terminal, `${what}?`, yes)
  await pool.query(
    gives
      ? 'insert into app.role_permission (role, permission) values ($1, $2) on conflict do nothing'
      : 'delete from app.role_permission where role = $1 and permission = $2',
    [role, code],
  )
  return { data: { status: gives ? 'granted' : 'revoked', ...data }, text: `${what}.` }
}

async function assign(context: Context, { dryRun, yes = false }: CommonOptions, email: string, role: string): Promise<Outcome> {
  const pool = await openDatabase(context)
  await findRole(pool, role)
  const { rows } = await pool.query<{ id: string; role: string; issuerId: string | null }>(
    'select id, role, app.issuer_of(id) as "issuerId" from app.account where email = $1',
    [email],
  )
  const account = rows[0]
  if (!account)
    throw new CliError('NOT_FOUND', `Nobody is registered as ${email}`, { hint: 'the person registers first, then gets the role' })
  const data = { account: account.id, before: account.role, role }
  if (account.role === role) return { data: { status: 'unchanged', ...data }, text: 'Already done.' }
  if (account.issuerId !== null)
    throw new CliError('REFUSED', 'Who acts for an issuer has the role for it and no other', { hint: 'end the membership first' })
  const what = `${email} is ${role} instead of ${account.role}`
  if (dryRun) return { data: { status: 'planned', ...data }, text: `${what}: not yet, nothing was changed.` }
  await confirm(context.terminal, `From now on ${what}?`, yes)
  await inTransaction(pool, (db) => db.query('update app.account set role = $2 where id = $1', [account.id, role]))
  return { data: { status: 'assigned', ...data }, text: `From now on ${what}.` }
}

async function listRights(pool: Pool): Promise<Right[]> {
  const { rows } = await pool.query<Right>(
    `select p.code, p.title, array(select role from app.role_permission where permission = p.code order by role) as roles
     from app.permission p
     order by p.code`,
  )
  return rows
}

/** @throws CliError NOT_FOUND */
async function findRole(pool: Pool, code: string): Promise<void> {
  const { rows } = await pool.query<{ code: string }>('select code from app.role order by code')
  const codes = rows.map((row) => row.code)
  if (!codes.includes(code)) throw new CliError('NOT_FOUND', `There is no role "${code}"`, { hint: `one of ${codes.join(', ')}` })
}
