/** A planted bug: what is replaced in which of the indexer's files, and the smallest scenario that has to notice. */
export interface Mutant {
  name: string
  file: string
  /** Occurs exactly once in the file. */
  find: string
  replace: string
  /** Arguments of scenario.ts. */
  scenario: readonly string[]
  /** Of the few that every test run plays: what the simulator then says, so that nothing else can be the reason. */
  says?: RegExp
}

const REORGS = ['reorgs', '--rounds', '40'] as const
const fault = (words: string) => ['faults', '--fault', words]

/** Bugs that an indexer like this one could have, each a line of its source away. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'a rollback is off by one',
    file: 'reorg.ts',
    find: ' where block_number > $1`, [base.number])',
    replace: ' where block_number > $1::bigint + 1`, [base.number])',
    scenario: REORGS,
    says: /duplicate key value violates unique constraint/,
  },
  {
    name: 'a rollback forgets the holdings',
    file: 'reorg.ts',
    find: 'await moveHoldings(db, -1, base.number + 1n, MAX_BLOCK)',
    replace: '',
    scenario: REORGS,
  },
  {
    name: 'a rollback adds to the holdings instead of taking away',
    file: 'reorg.ts',
    find: 'moveHoldings(db, -1, base',
    replace: 'moveHoldings(db, 1, base',
    scenario: REORGS,
  },
  {
    name: 'the parent’s hash is not checked',
    file: 'reorg.ts',
    find: 'if (next.parentHash === checkpoint.hash) return checkpoint',
    replace: 'if (next.parentHash !== undefined) return checkpoint',
    scenario: REORGS,
  },
  {
    name: 'blocks of one step need not follow each other',
    file: 'read-ahead.ts',
    find: 'if (block.parentHash !== parent.hash)',
    replace: 'if (block.parentHash === undefined)',
    scenario: fault('mixes the headers of two branches'),
  },
  {
    name: 'the bloom filter is not checked',
    file: 'source.ts',
    find: 'if (!isGapless || !bloomIsCoveredBy(block.logsBloom, logs))',
    replace: 'if (!isGapless)',
    scenario: fault('leaves out the last log'),
    says: /RED at block \d+: transfer/,
  },
  {
    name: 'the empty answer of a node that lags is believed',
    file: 'source.ts',
    find: 'if (!isGapless || !bloomIsCoveredBy(block.logsBloom, logs))',
    replace: 'if (logs.length > 0 && (!isGapless || !bloomIsCoveredBy(block.logsBloom, logs)))',
    scenario: fault('finds nothing in blocks that it has not got yet'),
    says: /RED at block \d+: transfer/,
  },
  {
    name: 'gaps in the log index are not noticed',
    file: 'source.ts',
    find: 'if (!isGapless || !bloomIsCoveredBy(block.logsBloom, logs))',
    replace: 'if (!bloomIsCoveredBy(block.logsBloom, logs))',
    scenario: fault('counts its logs from one'),
  },
  {
    name: 'logs that the header does not know are accepted',
    file: 'source.ts',
    find: 'if (!bloomKnows(block.logsBloom, ours))',
    replace: 'if (ours === undefined)',
    scenario: fault('invents a log'),
  },
  {
    name: 'logs of the last block of a range are not looked at twice',
    file: 'backfill/check-end.ts',
    find: 'textOf(endLogs) === textOf(logs)',
    replace: 'endLogs !== logs',
    scenario: fault('invents a log in the last block of a range'),
    // Whether its giver had so many units depends on where the range ends.
    says: /RED (at block \d+: transfer|0x[0-9a-f]{40} gave away more units)/,
  },
  {
    name: 'logs of the last block of a range may be missing',
    file: 'backfill/check-end.ts',
    find: 'textOf(endLogs) === textOf(logs)',
    replace: 'textOf(endLogs).includes(textOf(logs).slice(1, -1))',
    scenario: fault('leaves out the last block of a range'),
  },
  {
    name: 'the walk over a range does not look at its last header',
    file: 'backfill/scan-range.ts',
    find: ' && isRightAtEnd(range, checkLogs(ends)))',
    replace: ')',
    scenario: fault('invents a log in the last block of a range'),
  },
  {
    name: 'one node’s logs are enough to become final',
    file: 'vouch.ts',
    find: 'agreed: () => audit.agreed',
    replace: 'agreed: undefined',
    scenario: ['inventions'],
    says: /of which only one node has all logs, became final/,
  },
  {
    name: 'rows that no node has logs for any more stay',
    file: 'audit.ts',
    find: "return most >= 2 && most > same ? 'refuted' : 'disputed'",
    replace: "return most > 99 ? 'refuted' : 'disputed'",
    scenario: ['inventions'],
  },
  {
    name: 'a node that is behind counts as one with other logs',
    file: 'witness.ts',
    find: 'if (!(await hasBlock(to)))',
    replace: 'if (to === undefined)',
    scenario: ['inventions'],
  },
  {
    name: 'removed logs are accepted',
    file: 'source.ts',
    find: 'if (log.removed === true)',
    replace: 'if (log.removed === undefined)',
    scenario: fault('calls its logs removed'),
  },
  {
    name: 'duplicate logs are accepted',
    file: 'source.ts',
    find: 'if (before?.blockNumber === log.blockNumber && before.logIndex === log.logIndex)',
    replace: 'if (before === log)',
    scenario: fault('sends a log twice'),
    says: /RED .*(never said RPC_LOG_DUPLICATE|duplicate key)/,
  },
  {
    name: 'the order of logs is taken as it comes',
    file: 'source.ts',
    find: 'checked.sort((a, b) => (',
    replace: 'checked.slice().sort((a, b) => (',
    scenario: fault('sends logs out of order'),
  },
  {
    name: 'logs of another block are accepted',
    file: 'source.ts',
    find: 'if (log.blockHash !== block.hash || log.blockNumber !== block.number)',
    replace: 'if (log.blockHash === undefined)',
    scenario: fault('sends logs of another block’s hash'),
  },
  {
    name: 'the end of a range is left out',
    file: 'source.ts',
    find: 'toBlock: toHex(toBlock) }',
    replace: 'toBlock: toHex(toBlock > fromBlock ? toBlock - 1n : toBlock) }',
    scenario: ['backfill'],
  },
  {
    name: 'the cursor is committed apart from the rows',
    file: 'step.ts',
    find: '      await saveCheckpoint(db, mirrored, to, final, to)',
    replace: `      await db.query('commit')\n      await db.query('begin')\n      await saveCheckpoint(db, mirrored, to, final, to)`,
    scenario: ['tears'],
    says: /at block \d+: transfer/,
  },
  {
    name: 'what was read is kept in memory',
    file: 'step.ts',
    find: '  const times = new Map(next',
    replace: '  ;((globalThis as never as { kept: unknown[] }).kept ??= []).push(next)\n  const times = new Map(next',
    scenario: ['head'],
  },
  {
    name: 'the batch index is ignored',
    file: 'decode/ledger.ts',
    find: 'batch_index: at, ...moved',
    replace: 'batch_index: at - at, ...moved',
    scenario: REORGS,
    says: /duplicate key value violates unique constraint/,
  },
  {
    name: 'the batch index is ignored in ranges',
    file: 'backfill/scan-range.ts',
    find: 'transfers.int4(batchIndex)',
    replace: 'transfers.int4(0 * batchIndex)',
    scenario: ['backfill'],
  },
  {
    name: 'holdings of a first load leave out what was given away',
    file: 'holdings.ts',
    find: ' and from_address <> ',
    replace: " and '0x' = ",
    scenario: REORGS,
  },
  {
    name: 'the zero address counts as a holder that gets',
    file: 'holdings.ts',
    find: ' and to_address <> ',
    replace: " and 'nobody' <> ",
    scenario: REORGS,
    says: /holding/,
  },
  {
    name: 'who has given everything away stays a holder',
    file: 'holdings.ts',
    find: '    where units <= 0`,',
    replace: '    where units < 0`,',
    scenario: REORGS,
  },
  {
    name: 'the final watermark may go back',
    file: 'checkpoint.ts',
    find: 'final_block = greatest(c.final_block, excluded.final_block)',
    replace: 'final_block = least(c.final_block, excluded.final_block) - 1',
    scenario: fault('takes its final block back'),
  },
  {
    name: 'blocks that may still be undone are forgotten',
    file: 'checkpoint.ts',
    find: 'select least(final_block, block_number - $1) from checkpoint',
    replace: 'select block_number - 5 + 0 * $1::bigint from checkpoint',
    scenario: REORGS,
  },
]
