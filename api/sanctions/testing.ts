import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inTransaction, openPool, type Pool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { freshDatabase, type TestDatabase } from '../../common/node/testing.ts'
import { type Identity, recordIdentity } from './identity.ts'
import { keepLists } from './lists-in-force.ts'
import { type LoadedList, loadList } from './load-list.ts'
import type { ScreeningDeps } from './screen.ts'

export const TEST_SEAL_KEYS = [Buffer.alloc(32, 7)]

/** A database as the worker sees it, with lists and people to be compared. */
export interface SanctionsScene {
  db: TestDatabase
  pool: Pool
  deps: ScreeningDeps
  clock: { now: Date }
  /** Loads a list with this content. */
  load(content: string, options?: { mayShrink?: boolean }): Promise<LoadedList>
  /** A new account that says who it is; without a name it only signed up. */
  addPerson(identity?: Partial<Identity>, options?: { country?: string; wallet?: string }): Promise<string>
  holdOf(accountId: string): Promise<string | null>
  casesOf(accountId: string): Promise<{ id: string; reason: string; evidence: { ref: string; score: number; source: string } }[]>
  close(): Promise<void>
}

export async function openSanctionsScene(): Promise<SanctionsScene> {
  const db = await freshDatabase()
  const pool = openPool(db.urlOf('terra_worker'))
  const folder = await mkdtemp(join(tmpdir(), 'terra-sanctions-'))
  const clock = { now: new Date('2026-11-28T12:00:00Z') }
  const deps = { pool, encryptionKeys: TEST_SEAL_KEYS, lists: keepLists(), clock: () => clock.now, log: openLog('worker', 'silent') }
  let files = 0
  return {
    db,
    pool,
    deps,
    clock,
    async load(content, options) {
      const file = join(folder, `list-${++files}.xml`)
      await writeFile(file, content)
      return loadList(deps, file, options)
    },
    async addPerson(identity, { country = 'DE', wallet } = {}) {
      const { rows } = await db.admin.query<{ id: string }>('insert into app.account (country) values ($1) returning id', [country])
      const { id } = rows[0]!
      if (wallet) await pool.query('insert into app.wallet (address, account_id, proven_at) values ($1, $2, now())', [wallet, id])
      if (identity) {
        const whole: Identity = { kind: 'person', firstName: 'Erika', lastName: 'Muster', birthDate: '1980-01-02', ...identity }
        await inTransaction(pool, (client) => recordIdentity(client, TEST_SEAL_KEYS, id, whole, clock.now))
      }
      return id
    },
    async holdOf(accountId) {
      return (await pool.query<{ hold: string | null }>('select app.account_hold($1) as hold', [accountId])).rows[0]!.hold
    },
    async casesOf(accountId) {
      return (
        await pool.query('select id, reason, evidence from app.review_case where account_id = $1 order by opened_at, id', [accountId])
      ).rows
    },
    async close() {
      await pool.end()
      await db.drop()
      await rm(folder, { recursive: true })
    },
  }
}
