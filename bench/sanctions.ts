import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import { sealIdentity } from '../api/sanctions/identity.ts'
import { keepLists } from '../api/sanctions/lists-in-force.ts'
import { countUnscreened, screenDue } from '../api/sanctions/screen.ts'
import { makeSanctionsWorld } from '../api/sanctions/testing-world.ts'
import { inTransaction, openPool } from '../common/node/db.ts'
import { openLog } from '../common/node/log.ts'
import { freshDatabase, type TestDatabase } from '../common/node/testing.ts'
import { startTestDatabase } from '../scripts/testing/test-database.ts'

/**
 * How long it takes to compare everybody with a new list, as the worker does it: sealed names read from Postgres and opened, compared,
 * hits and cases written, progress kept. Everything is made from one seed.
 */
const SEED = 1
const PEOPLE = 100_000
const ENTRIES = 20_000
const TARGET_SECONDS = 60
const KEYS = [Buffer.alloc(32, 7)]

const server = await startTestDatabase(console.error)
process.env.TEST_DATABASE_URL = server.url
const db = await freshDatabase()
try {
  const world = makeSanctionsWorld(SEED, { people: PEOPLE, entries: ENTRIES })
  await addList(db, world.entries)
  const accounts = await addPeople(db, world.people)
  const pool = openPool(db.urlOf('terra_worker'))
  const waiting = await countUnscreened(pool)
  const [start, cpu] = [performance.now(), process.cpuUsage()]
  const log = openLog('bench', 'silent')
  const compared = await screenDue({ pool, encryptionKeys: KEYS, lists: keepLists(), clock: () => new Date(), log })
  const seconds = (performance.now() - start) / 1_000
  const { user, system } = process.cpuUsage(cpu)
  const { rows } = await pool.query<{ accountId: string; ref: string }>('select account_id as "accountId", ref from app.sanctions_hit')
  const hits = new Map<string, Set<string>>()
  for (const { accountId, ref } of rows) hits.set(accountId, (hits.get(accountId) ?? new Set()).add(ref))
  const found = [...world.planted].filter(([at, ref]) => hits.get(accounts[at]!)?.has(ref)).length
  await pool.end()
  const result = {
    seconds: Number(seconds.toFixed(1)),
    target: TARGET_SECONDS,
    cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
    compared,
    entries: ENTRIES,
    planted: world.planted.size,
    found,
    accountsWithHit: hits.size,
    hits: rows.length,
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify(result))
  else
    console.log(
      `${result.seconds} s for ${compared.toLocaleString('en-US')} people against ${ENTRIES.toLocaleString('en-US')} entries (target ${TARGET_SECONDS} s; ` +
        `${result.cpuSeconds} s of processor time in this process); ${found} of ${world.planted.size} people found who are on the list under another spelling; ` +
        `${hits.size.toLocaleString('en-US')} accounts with a possible hit`,
    )
  if (seconds > TARGET_SECONDS || compared !== PEOPLE || waiting !== PEOPLE) process.exitCode = 1
} finally {
  await db.drop()
  await server.stop()
}

async function addList(db: TestDatabase, entries: object[]): Promise<void> {
  await db.admin.query(
    `with list as (
       insert into app.sanctions_list (source, published_on, sha256, entries, loaded_at) values ('ofac_sdn', '2026-11-20', '\\x00', $2, now()) returning id
     )
     insert into app.sanctions_entry (list_id, ref, kind, names, births, countries, programs, wallets)
     select list.id, e.* from list, jsonb_to_recordset($1::jsonb) as e
       (ref text, kind text, names jsonb, births text[], countries text[], programs text[], wallets jsonb)`,
    [JSON.stringify(entries), entries.length],
  )
}

async function addPeople(db: TestDatabase, people: ReturnType<typeof makeSanctionsWorld>['people']): Promise<string[]> {
  const ids = people.map(() => randomUUID())
  const copy = async (target: string, line: (at: number) => string) =>
    inTransaction(db.admin, async (client) => {
      await pipeline(Readable.from(ids.map((_, at) => `${line(at)}\n`)), client.query(copyFrom(`copy ${target} from stdin`)))
    })
  await copy('app.account (id, country)', (at) => `${ids[at]}\t${people[at]!.country}`)
  await copy('app.identity (account_id, sealed, stated_at)', (at) => {
    const { firstName, lastName, birthDate } = people[at]!
    const sealed = sealIdentity(KEYS, ids[at]!, { kind: 'person', firstName, lastName, birthDate })
    return `${ids[at]}\t\\\\x${sealed.toString('hex')}\t2026-11-28T12:00:00Z`
  })
  return ids
}
