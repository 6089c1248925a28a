import type { Command } from 'commander'
import { addCommand, type Outcome, run } from '../command.ts'
import { type Context, openDatabase, openStage } from '../context.ts'
import { drainQueue, readQueue } from '../drain-mints.ts'
import { openEngine } from '../open-engine.ts'
import { confirm, type Terminal } from '../terminal.ts'

const MINTS = { kind: 'mint' } as const

/** `terra mint`: drains the paid queue. */
export function addMintCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'mint',
    summary: 'mint every paid investment that is not minted yet',
    details:
      'What the worker does all the time, done once and waited for: every paid investment is minted and its block final, or it is set aside for a ' +
      'person (exit code 1). Uses the worker’s own tables and nonces, so it may run beside a worker, twice, or twice at once: nothing is minted ' +
      'twice. Signs vouchers with PAYMENT_ATTESTOR_KEYSTORE and transactions with MINTER_KEYSTORE; --keystore is not used.',
    examples: ['mint', 'mint --dry-run --json'],
  }).action(run(terminal, mint))
}

async function mint(context: Context): Promise<Outcome> {
  const stage = await openStage(context)
  const pool = await openDatabase(context)
  const before = await readQueue(pool, MINTS)
  const waiting = before.paid + before.open
  if (context.options.dryRun)
    return {
      data: { status: 'planned', ...before },
      text: `${waiting} to mint, ${before.review} set aside for a person. Nothing was sent.`,
    }
  if (waiting === 0)
    return {
      data: { status: 'already_done', minted: 0, review: before.review },
      text: `Nothing is waiting. ${reviewed(before.review)}`,
      isBad: before.review > 0,
    }
  await confirm(context.terminal, `Mint ${waiting} investments?`, context.options.yes ?? false)
  const engine = await openEngine(context, stage, pool)
  const { done, view } = await drainQueue(engine, MINTS, context.progress, 'Minting')
  const setAside = view.review - before.review
  return {
    data: { status: 'minted', minted: done - setAside, review: view.review },
    text: `${done - setAside} minted and final. ${reviewed(view.review)}`,
    isBad: view.review > 0,
  }
}

function reviewed(count: number): string {
  return count === 0 ? 'None is set aside.' : `${count} set aside for a person: terra status, and the table app.mint_intent, say why.`
}
