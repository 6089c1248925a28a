// @ts-nocheck: Ponder is installed by the bench only.
import { onchainTable, primaryKey } from 'ponder'

export const transfers = onchainTable('transfers', (t) => ({
  id: t.text().primaryKey(), // block-logIndex-batchIndex
  blockNumber: t.integer().notNull(),
  txHash: t.hex().notNull(),
  logIndex: t.integer().notNull(),
  batchIndex: t.integer().notNull(),
  operator: t.hex().notNull(),
  fromAddress: t.hex().notNull(),
  toAddress: t.hex().notNull(),
  projectId: t.bigint().notNull(),
  units: t.bigint().notNull(),
}))

export const balances = onchainTable(
  'balances',
  (t) => ({ holder: t.hex().notNull(), projectId: t.bigint().notNull(), units: t.bigint().notNull() }),
  (table) => ({ key: primaryKey({ columns: [table.holder, table.projectId] }) }),
)
