import { join } from 'node:path'
import { freshDatabase } from '../../common/node/testing.ts'
import { CONTRACT } from './chain/tokens.ts'
import type { Cleanup } from './cleanup.ts'
import { asAdmin, type DatabaseServer } from './start-database.ts'
import type { Command } from './start-program.ts'
import type { IndexQueries } from './verify-index.ts'

/** A database for one run. */
export interface RunDatabase {
  /** What the contestant gets. */
  url: string
  /** For looking at the result. */
  adminUrl: string
  drop(): Promise<void>
}

export interface Contestant {
  title: string
  /** Makes sure that it is there; answers where. */
  install(cleanup: Cleanup): Promise<string>
  /** Makes its database, with the tables where it doesn't make them itself; not part of the measured time. */
  createDatabase(server: DatabaseServer): Promise<RunDatabase>
  /** How to start it; what must be done for each run before is done here and not measured. */
  command(run: { folder: string; rpcUrl: string; databaseUrl: string }): Command | Promise<Command>
  queries: IndexQueries
  /** For a program that goes on after its rows are there and ends by itself: finds something once every row up to a block is, balances too. */
  allRows?: (head: number) => string
  /** Finds a transfer once it is there, for programs that go on for ever; the others are done when they end. */
  lastTransfer?: (block: number, logIndex: number, index: number) => string
}

const root = join(import.meta.dirname, '..', '..')

export const OURS: Contestant = {
  title: 'Terra Lumina',
  install: async () => root,
  async createDatabase({ adminUrl }) {
    process.env.TEST_DATABASE_URL = adminUrl
    const database = await freshDatabase()
    await asAdmin(adminUrl, (admin) => admin.query('checkpoint'))
    return { url: database.urlOf('terra_indexer'), adminUrl: database.adminUrl, drop: database.drop }
  },
  command: ({ folder, rpcUrl, databaseUrl }) => ({
    args: [join('indexer', 'main.ts'), '--until-head'],
    cwd: folder,
    env: { RPC_URL: rpcUrl, DATABASE_URL: databaseUrl, CONTRACT_ADDRESS: CONTRACT, START_BLOCK: '0', LOG_LEVEL: 'info' },
  }),
  // Written with the holdings; what comes after it are the keys that readers' questions need.
  allRows: (head) => `select from chain.checkpoint where block_number >= ${head} and holding_block >= ${head}`,
  queries: {
    transfers: `select block_number, tx_hash, log_index, batch_index, operator, from_address, to_address, project_id, units
      from chain.transfer`,
    holdings: 'select project_id, holder, units from chain.holding',
  },
}
