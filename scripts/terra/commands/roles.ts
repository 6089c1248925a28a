import type { Command } from 'commander'
import type { AccessProof } from '../access-scene.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type Context, openStage } from '../context.ts'
import { proveAccess } from '../prove-access.ts'
import { formatTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'

/** `terra roles`: proves who may do what. */
export function addRolesCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'roles',
    summary: 'prove who may do what on chain',
    details:
      'Asks the contracts about everybody their logs ever named, about every function that changes something, and tries every member of a role ' +
      'on every guarded function. Compares it with the deployment file and with common/node/access.ts. Exit code 0 only when nothing differs. ' +
      'Reads only.',
    examples: ['roles', 'roles --json', 'roles --rpc https://rpc.example --deployment deployments/137/deployment.json'],
  }).action(
    run(terminal, async (context: Context): Promise<Outcome> => {
      const stage = await openStage(context)
      const proof = await proveAccess(stage.client, stage.deployment)
      return { data: { ...proof }, text: describeProof(proof), isBad: proof.differences.length > 0 }
    }),
  )
}

/** The proof as people read it. */
export function describeProof({ block, powers, differences, checks }: AccessProof): string {
  const table = formatTable(
    ['Who', 'Named', 'Power', 'Delay', 'May call'],
    powers.map(({ account, name, role, delaySeconds, mayCall }) => [
      account,
      name,
      role,
      delayText(delaySeconds),
      mayCall.map((call) => call.split('.')[1]).join(' '),
    ]),
  )
  const where = `block ${block}, ${checks} questions`
  if (differences.length === 0) return `${table}\n\nEverybody has what the deployment gave them, and nobody else has anything: ${where}.`
  return [
    table,
    '',
    `${differences.length} differences at ${where}:`,
    formatTable(
      ['What', 'Expected', 'Found'],
      differences.map(({ what, expected, found }) => [what, expected, found]),
      50,
    ),
    'Have the administrator put right what nobody ordered; what was ordered belongs into the deployment file: docs/operators.md.',
  ].join('\n')
}

function delayText(seconds: number): string {
  if (seconds === 0) return 'none'
  return seconds % 86_400 === 0 ? `${seconds / 86_400} d` : `${seconds} s`
}
