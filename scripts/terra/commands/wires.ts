import { type Command, Option } from 'commander'
import { listWires } from '../../../api/payments/wires.ts'
import { formatMinor } from '../../../common/money.ts'
import { Wire } from '../../../common/wire-transfers.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, openDatabase } from '../context.ts'
import { formatTable } from '../table.ts'
import type { Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  state: Wire['state']
}

const STATES = Wire.properties.state.anyOf.map(({ const: state }) => state)

/** `terra wires`: bank transfers that the staff put down. */
export function addWiresCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'wires',
    summary: 'show bank transfers that wait for a second person, or others',
    details:
      'Changes nothing: a transfer is put down, confirmed and returned by two people with their own second factors, by POST /api/v1/wires and below it. ' +
      'The newest first, at most a hundred.',
    examples: ['wires', 'wires --state booked --json'],
  })
    .addOption(new Option('--state <state>', 'which ones').choices(STATES).default('proposed'))
    .action(run(terminal, showWires))
}

async function showWires(context: Context, { state }: Options): Promise<Outcome> {
  const wires = await listWires(await openDatabase(context), state)
  const table = formatTable(
    ['Transfer', 'Direction', 'Bank', 'Reference', 'Amount', 'Currency', 'Booked on', 'Put down'],
    wires.map((wire) => [
      wire.id,
      wire.direction,
      wire.bankRef,
      wire.reference,
      formatMinor(BigInt(wire.amountMinor), 2),
      wire.currency,
      wire.bookedOn,
      wire.proposedAt,
    ]),
  )
  return { data: { wires }, text: wires.length === 0 ? `No transfer is ${state}.` : table }
}
