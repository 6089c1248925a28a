import { type Command, Option } from 'commander'
import { Value } from 'typebox/value'
import { Stop } from '../../../indexer/errors.ts'
import { inTransaction } from '../../../indexer/in-transaction.ts'
import { buildBeside, isThere, type Place, readPlace, rebuildOf } from '../../../indexer/reindex-build.ts'
import { type Comparison, compareMirrors } from '../../../indexer/reindex-compare.ts'
import { NotSwapped, swapMirrors } from '../../../indexer/reindex-swap.ts'
import { IndexerEnv, type Settings, settingsOf } from '../../../indexer/settings.ts'
import { min } from '../../../indexer/span.ts'
import { parseBlock } from '../arguments.ts'
import { CliError } from '../cli-error.ts'
import { addCommand, type Outcome, run } from '../command.ts'
import { type CommonOptions, type Context, need } from '../context.ts'
import { discardRebuild, dropOld, takeReindexLock } from '../drop-mirrors.ts'
import { indexerDatabaseUrl, openIndexerDatabase } from '../indexer-database.ts'
import { addMirrorOptions, type MirrorOptions, openMirrorStage } from '../mirror-stage.ts'
import { formatTable } from '../table.ts'
import { confirm, type Terminal } from '../terminal.ts'

interface Options extends CommonOptions, MirrorOptions {
  startBlock?: bigint
  indexerDatabase?: string
  compareOnly?: boolean
  discard?: boolean
  dropOld?: boolean
}

/** `terra reindex`: builds the mirror anew beside the live one, compares the two, and exchanges them. */
export function addReindexCommand(program: Command, terminal: Terminal): void {
  const command = addCommand(program, {
    usage: 'reindex',
    summary: 'build the mirror anew from the chain, compare, and put it in the place of the old one',
    details:
      'Has the indexer read the whole chain into a schema beside the live mirror, which goes on serving; compares the two table by table up to ' +
      'the final block; then exchanges them in one transaction and keeps the old tables until --drop-old. Killed anywhere, the same line goes on. ' +
      'Indexers may run meanwhile: they wait during the exchange and go on from the new tables.',
    examples: [
      'reindex',
      'reindex --compare-only',
      'reindex --yes',
      'reindex --contract 0x… --schema other',
      'reindex --discard',
      'reindex --drop-old',
    ],
  })
  addMirrorOptions(command)
    .option('--start-block <number>', 'with --contract, of a mirror that is empty: the block it was deployed in', parseBlock)
    .addOption(new Option('--indexer-database <url>', 'the database as terra_indexer').env('INDEXER_DATABASE_URL'))
    .addOption(new Option('--compare-only', 'build and compare, exchange nothing').conflicts(['discard', 'dropOld']))
    .addOption(new Option('--discard', 'throw away what was built and not exchanged yet').conflicts('dropOld'))
    .option('--drop-old', 'drop the old tables that earlier runs kept')
    .action(run(terminal, reindex))
}

async function reindex(context: Context, options: Options): Promise<Outcome> {
  const { schema } = options
  const databaseUrl = indexerDatabaseUrl(context, options.indexerDatabase)
  const db = await openIndexerDatabase(context, databaseUrl)
  await takeReindexLock(db, schema)
  if (options.discard) return discardRebuild(context, db, schema)
  if (options.dropOld) return dropOld(context, db, schema)
  const { rpcUrl, chainId } = await openMirrorStage(context, options)
  if (!(await isThere(db, schema)))
    throw new CliError('NOT_FOUND', `There is no mirror in the schema ${schema}`, { hint: 'check --schema and --indexer-database' })
  const live = await readPlace(db, schema)
  const settings = await settingsOf(
    Value.Default(IndexerEnv, {
      RPC_URL: rpcUrl,
      DATABASE_URL: databaseUrl,
      MIRROR_SCHEMA: schema,
      ...whatToMirror(context, options, live),
    }) as IndexerEnv,
  )
  const isComparable = live?.chainId === chainId && live.contract === settings.contracts.ownership
  if (options.dryRun) return planned(settings, live, await readPlace(db, rebuildOf(schema)))

  await build(context, settings, live)
  const tables = isComparable ? await compare(context, databaseUrl, schema) : []
  const differing = tables.filter(({ firstDifference }) => firstDifference !== null)
  const text = isComparable ? describe(tables) : 'The live mirror is empty or of another contract: there is nothing to compare.'
  const data = { schema, rebuilt: rebuildOf(schema), differing: differing.map(({ table }) => table), tables }
  if (options.compareOnly) return { data: { status: 'compared', ...data }, text, isBad: differing.length > 0 }

  context.terminal.err.write(`${text}\n`)
  await confirm(context.terminal, `Put the rebuilt tables in the place of those in ${schema}?`, options.yes ?? false)
  // What came while somebody thought about it.
  await build(context, settings, live)
  const swapper = await openIndexerDatabase(context, databaseUrl)
  const kept = await swapMirrors(swapper, schema, rebuildOf(schema), context.clock()).catch((cause: Error) => {
    if (!(cause instanceof NotSwapped)) throw cause
    throw new CliError('STATE', cause.message, { hint: 'the rebuilt mirror is kept: run it again then', cause })
  })
  return {
    data: { status: 'exchanged', kept, ...data },
    text: `Exchanged. The old tables are kept in ${kept}: drop them by terra reindex --drop-old.`,
  }
}

/** As the indexer was told it. */
function whatToMirror(context: Context, { contract, startBlock }: Options, live: Place | undefined): Partial<IndexerEnv> {
  if (contract === undefined) return { DEPLOYMENT_FILE: context.settings.deploymentFile! }
  const isOfIt = live?.contract === contract.toLowerCase()
  const known = startBlock ?? (isOfIt ? live.startBlock : undefined)
  return {
    CONTRACT_ADDRESS: contract,
    START_BLOCK: Number(need(known === undefined ? undefined : String(known), 'the block the contract was deployed in', '--start-block')),
  }
}

async function build(context: Context, settings: Settings, live: Place | undefined): Promise<void> {
  const first = Number(settings.startBlock)
  const last = Number(live?.final ?? settings.startBlock)
  const tell = (fields: unknown, message?: string) => context.progress.step(message ?? String(fields))
  const log = { info: () => {}, debug: () => {}, warn: tell, error: tell } as never
  await buildBeside(settings, { log, clock: context.clock }, new AbortController().signal, (block) =>
    context.progress.advance(Math.min(Number(block), last) - first, last - first, 'Reading the chain again'),
  ).catch((cause) => {
    if (!(cause instanceof Stop)) throw cause
    throw new CliError('STATE', cause.message, {
      hint: 'mend it and run the same line again, or start over: terra reindex --discard',
      cause,
    })
  })
}

/** Up to the newest block that is final in both. */
async function compare(context: Context, databaseUrl: string, schema: string): Promise<Comparison[]> {
  const db = await openIndexerDatabase(context, databaseUrl)
  const upToBlock = min((await readPlace(db, schema))?.final ?? -1n, (await readPlace(db, rebuildOf(schema)))?.final ?? -1n)
  return inTransaction(db, () =>
    compareMirrors(db, schema, rebuildOf(schema), upToBlock, (done, total) => context.progress.advance(done, total, 'Comparing tables')),
  )
}

function planned({ schema, startBlock }: Settings, live: Place | undefined, rebuilt: Place | undefined): Outcome {
  const from = rebuilt === undefined ? startBlock : rebuilt.block + 1n
  const to = live?.final ?? null
  return {
    data: { status: 'planned', from, to },
    text: `Would read blocks ${from} to the head into ${rebuildOf(schema)}, compare up to block ${to ?? 'none'}, and ask. Nothing was written.`,
  }
}

function describe(tables: readonly Comparison[]): string {
  const lines = tables.map(({ table, live, rebuilt, firstDifference }) => [
    table,
    String(live.rows),
    String(rebuilt.rows),
    live.sha256.slice(0, 16),
    rebuilt.sha256.slice(0, 16),
    firstDifference === null ? 'same' : `first differs at ${firstDifference.key}`,
  ])
  const differing = tables.flatMap(({ table, firstDifference }) => (firstDifference === null ? [] : [{ table, ...firstDifference }]))
  const details = differing.map(
    ({ table, key, live, rebuilt }) => `${table} ${key}\n  live:    ${live ?? 'no such row'}\n  rebuilt: ${rebuilt ?? 'no such row'}`,
  )
  const verdict =
    differing.length === 0 ? 'All tables are the same.' : `${differing.length} tables differ; the rebuilt ones are what the chain says.`
  return [formatTable(['Table', 'Rows', 'Rebuilt', 'SHA-256', 'Rebuilt', ''], lines), verdict, ...details].join('\n')
}
