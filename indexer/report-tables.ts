import { inTransaction, type Pool } from '../common/node/db.ts'
import type { SignedReport } from './signed-report.ts'
import { hashTable, type TableHash } from './table-hash.ts'
import { TABLES, type Table } from './tables.ts'
import { checkHoldings, openSnapshot, readMirror } from './verify-mirror.ts'
import { createFindings } from './verify-types.ts'

/** What a database holds today of what a report vouched for. */
export type TableFinding =
  /** All tables are, up to the report's block, what they were, and the holdings what they add up to. */
  | { status: 'same'; tables: number }
  | { status: 'differs'; table: Table; reported: TableHash; found: TableHash }
  /** The rows are the reported ones; the holdings kept beside them are not their sum. */
  | { status: 'differs'; table: 'holding'; holdings: number }
  /** Why nothing can be compared. */
  | { status: 'incomparable'; reason: string }

/** Computes every table's hash anew as of a report's block, in the order of the report, and ends at the first that differs. Reads only. */
export function compareWithReport(
  pool: Pool,
  { report }: SignedReport,
  schema: string,
  onTable: (done: number, total: number) => void = () => {},
): Promise<TableFinding> {
  return inTransaction(pool, async (db): Promise<TableFinding> => {
    await openSnapshot(db, schema)
    const mirror = await readMirror(db)
    const incomparable = (reason: string): TableFinding => ({ status: 'incomparable', reason })
    const reports = Object.entries(report.tables ?? {}) as [Table, TableHash][]
    if (reports.length === 0) return incomparable('the report tells no hashes of tables')
    if (mirror === undefined) return incomparable(`the mirror in ${schema} is empty`)
    if (mirror.chainId !== report.chainId || mirror.contract !== report.contract)
      return incomparable(`the mirror in ${schema} follows ${mirror.contract} on chain ${mirror.chainId}`)
    if (mirror.block < BigInt(report.block)) return incomparable(`the mirror is final up to block ${mirror.block} only`)
    for (const [at, [table, reported]] of reports.entries()) {
      if (!(table in TABLES)) return incomparable(`there is no table ${table} any more`)
      const found = await hashTable(db, schema, table, BigInt(report.block))
      onTable(at + 1, reports.length)
      if (found.rows === reported.rows && found.sha256 === reported.sha256) continue
      // A migration may have given the table other columns.
      if (mirror.schemaVersion === report.schemaVersion) return { status: 'differs', table, reported, found }
      return incomparable(
        `${table} is not the same, but it was as of ${report.schemaVersion} then and is as of ${mirror.schemaVersion} now`,
      )
    }
    const findings = createFindings()
    await checkHoldings(db, findings)
    if (findings.count > 0) return { status: 'differs', table: 'holding', holdings: findings.count }
    return { status: 'same', tables: reports.length }
  })
}
