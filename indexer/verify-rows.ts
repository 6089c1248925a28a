import type { Db } from '../common/node/db.ts'
import { type Kind, keyOf, PLACE, type Row, TABLES, type Table } from './tables.ts'
import type { BlockRange, Findings } from './verify-types.ts'

/** A row as texts in the order of {@link namesOf}; undefined where one side can't say. */
type Values = (string | null | undefined)[]

/** Every column of a table, those of its place first. */
export function columnsOf(table: Table): [name: string, kind: Kind][] {
  return Object.entries({ ...PLACE, ...TABLES[table] })
}

/** All rows of some tables in a range of blocks, each as texts. */
export async function readRows(db: Db, tables: readonly Table[], { from, to }: BlockRange): Promise<Map<Table, Values[]>> {
  const queries = tables.map((table) => {
    const columns = columnsOf(table).map(([name, kind]) =>
      kind.startsWith('seconds') ? `trim_scale(extract(epoch from ${name}))::text` : `${name}::text`,
    )
    // JSON is what the driver parses fastest.
    return `select '${table}' as name, json_agg(json_build_array(${columns.join(', ')}) order by ${keyOf(table)}) as rows
      from ${table} where block_number between $1 and $2`
  })
  const found = await db.query<{ name: Table; rows: Values[] | null }>(queries.join(' union all '), [from, to])
  return new Map(found.rows.map(({ name, rows }) => [name, rows ?? []]))
}

/** Rows decoded from logs in the same shape. `isTimeKnown` is false when the block times in them are made up. */
export function toValues(rows: readonly Row[], isTimeKnown: (blockNumber: bigint) => boolean): Map<Table, Values[]> {
  const byTable = new Map<Table, Values[]>()
  for (const row of rows) {
    const columns = row.columns as unknown as Record<string, unknown>
    const values = columnsOf(row.table).map(([name]) => {
      if (name === 'block_time' && !isTimeKnown(row.columns.block_number)) return undefined
      const value = columns[name]
      return value === null || value === undefined ? null : String(value)
    })
    const own = byTable.get(row.table)
    if (own === undefined) byTable.set(row.table, [values])
    else own.push(values)
  }
  return byTable
}

/** Adds every row that one side lacks or that reads differently on the two. */
export function compareRows(table: Table, onChain: readonly Values[], mirrored: readonly Values[], findings: Findings): void {
  const left = new Map(mirrored.map((values) => [placeOf(table, values), values]))
  for (const values of onChain) {
    const key = placeOf(table, values)
    const other = left.get(key)
    left.delete(key)
    const differing = other === undefined ? undefined : values.flatMap((value, at) => (isSame(value, other[at]) ? [] : [at]))
    if (differing?.length === 0) continue
    report(values, differing, values, other)
  }
  for (const values of left.values()) report(values, undefined, undefined, values)

  function report(known: Values, differing: number[] | undefined, chain: Values | undefined, mirror: Values | undefined) {
    const [block, logIndex, , txHash] = known
    findings.add({
      check: 'row',
      projectId: numberAt(table, known, 'project_id'),
      holder: null,
      chain: describe(table, chain, differing),
      mirror: describe(table, mirror, differing),
      at: {
        table,
        block: block!,
        logIndex: Number(logIndex),
        batchIndex: numberAt(table, known, 'batch_index') ?? 0,
        txHash: txHash ?? null,
      },
    })
  }
}

const SHOWN_CHARACTERS = 120

function describe(table: Table, values: Values | undefined, only: number[] | undefined): string {
  if (values === undefined) return 'no such row'
  const columns = columnsOf(table)
  // The place is said beside it.
  const shown = only ?? columns.map((_, at) => at).slice(Object.keys(PLACE).length)
  return shown.map((at) => `${columns[at]![0]}=${String(values[at]).slice(0, SHOWN_CHARACTERS)}`).join(' ')
}

function isSame(onChain: string | null | undefined, mirrored: string | null | undefined): boolean {
  return onChain === undefined || onChain === mirrored
}

function placeOf(table: Table, values: Values): string {
  return `${values[0]}/${values[1]}/${numberAt(table, values, 'batch_index') ?? 0}`
}

function numberAt(table: Table, values: Values, column: string): number | null {
  const at = columnsOf(table).findIndex(([name]) => name === column)
  return at === -1 || values[at] === null ? null : Number(values[at])
}
