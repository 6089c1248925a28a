import type { Command } from 'commander'
import { addCommand, type Outcome, run } from '../command.ts'
import { type Context, openDatabase, openStage } from '../context.ts'
import { readStatus, type Status } from '../read-status.ts'
import type { Terminal } from '../terminal.ts'

/** `terra status`: how chain, mirror and queue stand. */
export function addStatusCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'status',
    summary: 'show how chain, mirror, queue and keys stand',
    details: 'Reads only. Start here when something waits: it shows where.',
    examples: ['status', 'status --json'],
  }).action(
    run(terminal, async (context: Context): Promise<Outcome> => {
      const stage = await openStage(context)
      const status = await readStatus(await openDatabase(context), stage)
      return { data: { ...status }, text: describe(status) }
    }),
  )
}

function describe({ chain, mirror, projects, investments, queue, waiting, signers }: Status): string {
  const list = (counts: { state: string; count: number }[]) =>
    counts.length === 0 ? 'none' : counts.map(({ state, count }) => `${count} ${state.replaceAll('_', ' ')}`).join(', ')
  return [
    `Chain         ${chain.chainId}: block ${chain.head}, final up to ${chain.final}`,
    `Mirror        ${mirror ? `block ${mirror.block}, ${mirror.behind} behind, final up to ${mirror.final}` : 'empty: the indexer has not run'}`,
    `Projects      ${list(projects)}`,
    `Investments   ${list(investments)}`,
    `Mint queue    ${list(queue)}`,
    `Waiting       ${waiting.webhooks} vendor events, ${waiting.outbox} jobs, ${waiting.mail} mails`,
    ...signers.map(
      ({ address, nextNonce, coin, stopped }) =>
        `Signer        ${address}: ${coin} coin, next nonce ${nextNonce}${stopped === null ? '' : `, STOPPED: ${stopped}`}`,
    ),
  ].join('\n')
}
