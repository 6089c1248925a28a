import { writeFile } from 'node:fs/promises'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Db, inTransaction } from '../../../common/node/db.ts'
import { exportRelation, FORMATS, type Format } from '../../../indexer/export/export-relation.ts'
import { findRelation, listRelations } from '../../../indexer/export/relation.ts'
import { NotApplicable, type Wanted } from '../../../indexer/export/rows-query.ts'
import { openExportSnapshot, readSnapshot, type Snapshot } from '../../../indexer/export/snapshot.ts'
import { readLocalFile } from '../../local/local-file.ts'
import { parseBlock, parseProjectId } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run, toJson } from '../command.ts'
import { type CommonOptions, type Context, openDatabase } from '../context.ts'
import { explainWriting, openOut } from '../open-out.ts'
import type { Terminal } from '../terminal.ts'

interface Options extends CommonOptions {
  schema: string
  format: Format
  out?: string
  whereProject?: number
  fromBlock?: bigint
  toBlock?: bigint
  asOf?: bigint | 'final' | 'settled'
}

/** `terra export`: tables and views of the mirror as files. */
export function addExportCommand(program: Command, terminal: Terminal): void {
  addCommand(program, {
    usage: 'export <table>',
    summary: 'write a table or view of the mirror as CSV, NDJSON or Parquet',
    details:
      'Streams any table or view of chain and analytics that the database login may read, from one snapshot, to a file or to standard output. ' +
      'Numbers are exact and times are UTC. A file has its name only when it is whole. Which block the rows are of, and whether it is final, ' +
      'stands in the Parquet file itself, or beside a CSV or NDJSON file in <file>.snapshot.json. Reads only.',
    examples: [
      'export holding --out holdings.csv',
      'export transfer --format parquet --where-project 7 --as-of final --out transfers.parquet',
      'export analytics.flows --format ndjson | jq .minted',
    ],
  })
    .addOption(new Option('--format <format>', 'how rows are written').choices(FORMATS).default('csv'))
    .option('--out <file>', 'where to; standard output if left out')
    .option('--where-project <id>', 'rows of this project only', parseProjectId)
    .option('--from-block <number>', 'rows from this block on', parseBlock)
    .option('--to-block <number>', 'rows up to this block', parseBlock)
    .option('--as-of <block>', 'as things stood at the end of a block: its number, "final" or "settled"', parseAsOf)
    .option('--schema <name>', 'which mirror', 'chain')
    .action(run(terminal, exportTable))
}

async function exportTable(context: Context, options: Options, label: string): Promise<Outcome> {
  const { format, out } = options
  if (options.json && out === undefined)
    throw new CliError('USAGE', '--json needs --out: rows and outcome can’t both go to standard output', { hint: 'name a file by --out' })
  // A local stack has a login that reads everything and writes nothing.
  const local = context.settings.isLocal ? readLocalFile() : undefined
  if (local !== undefined && context.settings.databaseUrl === local.databaseUrl) context.settings.databaseUrl = local.analystDatabaseUrl
  const pool = await openDatabase(context)
  return inTransaction(pool, async (db) => {
    await openExportSnapshot(db, options.schema)
    const { relation, snapshot, wanted } = await choose(context, options, db, label)
    const what = `${relation.label} as of ${where(snapshot)}`
    if (options.dryRun) return { data: { relation: relation.label, snapshot }, text: `Would export ${what}. Nothing was written.` }
    const destination = await openOut(context.terminal, out)
    try {
      const rate = createRate(context)
      const rows = await exportRelation(db, relation, { format, wanted, snapshot }, destination, rate.tell).catch(explain)
      await destination.commit().catch(explain)
      const data = { relation: relation.label, format, rows, bytes: destination.bytes, sha256: destination.sha256(), snapshot }
      const text = `Exported ${rows} rows of ${what}: ${rate.of(rows)}.`
      if (out === undefined) {
        // The rows have standard output to themselves.
        context.progress.step(text)
        return { data, text: '' }
      }
      if (format !== 'parquet') await writeFile(`${out}.snapshot.json`, `${toJson(data)}\n`)
      return { data: { ...data, file: out }, text: `${text}\n${out}` }
    } finally {
      await destination.abort()
    }
  })
}

async function choose(context: Context, { schema, asOf, ...options }: Options, db: Db, label: string) {
  const relation = await findRelation(db, schema, label)
  if (relation === undefined) {
    const known = await listRelations(db, schema)
    throw new CliError('NOT_FOUND', `There is no table or view "${label}" that this login may read; there are ${known.join(', ')}`, {
      hint: 'name one of these, or log in as another role by --database',
    })
  }
  const now = await readSnapshot(db, undefined, context.clock())
  if (now === undefined) throw new CliError('MIRROR_BEHIND', 'Nothing is mirrored yet', { hint: 'see that the indexer runs: terra status' })
  const asOfBlock = asOf === 'final' ? BigInt(now.finalBlock) : asOf === 'settled' ? BigInt(now.settledBlock) : asOf
  if (asOfBlock !== undefined && asOfBlock < 0n)
    throw new CliError('MIRROR_BEHIND', `No mirrored block is ${asOf} yet`, { hint: 'wait, or name a block' })
  if (asOfBlock !== undefined && asOfBlock > BigInt(now.block))
    throw new CliError('MIRROR_BEHIND', `The mirror is at block ${now.block}, and block ${asOfBlock} was asked for`, {
      hint: 'wait, or name an earlier block',
    })
  const snapshot = asOfBlock === undefined ? now : (await readSnapshot(db, asOfBlock, context.clock()))!
  const wanted: Wanted = {
    ...(options.whereProject === undefined ? {} : { projectId: options.whereProject }),
    ...(options.fromBlock === undefined ? {} : { fromBlock: options.fromBlock }),
    ...(options.toBlock === undefined ? {} : { toBlock: options.toBlock }),
    ...(asOfBlock === undefined ? {} : { asOfBlock }),
  }
  return { relation, snapshot, wanted }
}

function explain(error: unknown): never {
  if (error instanceof NotApplicable) throw new CliError('USAGE', error.message, { hint: 'leave that option out', cause: error })
  return explainWriting(error)
}

function where({ block, finalBlock, isFinal }: Snapshot): string {
  return isFinal ? `block ${block}, which is final` : `block ${block}, final up to ${finalBlock}`
}

const TELL_MS = 5_000

function createRate({ clock, progress }: Context) {
  const startedAt = clock().getTime()
  let toldAt = startedAt
  const of = (rows: number) => {
    const seconds = Math.max((clock().getTime() - startedAt) / 1000, 0.001)
    return `${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows a second`
  }
  return {
    of,
    tell(rows: number) {
      const now = clock().getTime()
      if (now - toldAt < TELL_MS) return
      toldAt = now
      progress.step(`${rows} rows so far: ${of(rows)}`)
    },
  }
}

function parseAsOf(text: string): bigint | 'final' | 'settled' {
  if (text === 'final' || text === 'settled') return text
  if (!/^\d{1,18}$/.test(text)) throw new InvalidArgumentError('A block is a whole number, "final" or "settled".')
  return BigInt(text)
}
