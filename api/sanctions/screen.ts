import { createHash } from 'node:crypto'
import { type Db, inTransaction, type Pool } from '../../common/node/db.ts'
import type { Log } from '../../common/node/log.ts'
import { type NewCase, openCases } from '../review/open-cases.ts'
import type { Finding, Subject } from './compare.ts'
import { freezeAccount } from './freeze.ts'
import { openIdentity } from './identity.ts'
import type { ListedEntry, ListsInForce } from './lists-in-force.ts'

export interface ScreeningDeps {
  pool: Pool
  /** Open who people said they are. */
  encryptionKeys: readonly Buffer[]
  lists: (db: Db) => Promise<ListsInForce>
  clock: () => Date
  log: Log
}

const BATCH = 1_000
/** Comes before every id. */
const FIRST = '00000000-0000-0000-0000-000000000000'

interface Row {
  accountId: string
  sealed: Buffer | null
  country: string | null
  wallets: string[]
}

/** How many accounts are still to be compared with the lists in force. */
export async function countUnscreened(db: Db): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::int as count from app.screening where lists_digest is distinct from app.sanctions_digest()',
  )
  return rows[0]!.count
}

/**
 * Compares everybody who is due with the lists in force, a batch at a time, each kept as soon as it is done: stopped anywhere, it goes on
 * there. `tell` hears after each batch how many were compared. Returns that number.
 */
export async function screenDue(deps: ScreeningDeps, tell: (done: number) => void = () => {}): Promise<number> {
  let done = 0
  let before = -1
  // Again until nobody is left: a list may change, and a name may be given, behind where it is.
  while (done > before) {
    before = done
    for (let last: string | undefined = FIRST; last !== undefined; ) {
      const batch: { last: string | undefined; count: number } = await screenBatch(
        deps,
        's.account_id > $2 order by s.account_id limit $3',
        [last, BATCH],
      )
      last = batch.last
      done += batch.count
      if (batch.count > 0) tell(done)
    }
  }
  return done
}

/** Compares one account with the lists in force, if that is due. */
export async function screenAccount(deps: ScreeningDeps, accountId: string): Promise<void> {
  await screenBatch(deps, 's.account_id = $2', [accountId])
}

async function screenBatch(deps: ScreeningDeps, which: string, values: unknown[]): Promise<{ last: string | undefined; count: number }> {
  const lists = await deps.lists(deps.pool)
  return inTransaction(deps.pool, async (db) => {
    const { rows } = await db.query<Row>(
      `select s.account_id as "accountId", i.sealed, a.country,
         array(select w.address::text from app.wallet w where w.account_id = s.account_id) as wallets
       from (
         select account_id from app.screening s
         where s.lists_digest is distinct from $1 and ${which}
         for update skip locked
       ) s
       join app.account a on a.id = s.account_id
       left join app.identity i on i.account_id = s.account_id`,
      [lists.digest, ...values],
    )
    const now = deps.clock()
    const findings = rows.flatMap((row) => {
      const subject = subjectOf(deps.encryptionKeys, row)
      return lists.comparer.compare(subject).map((finding) => ({ accountId: row.accountId, subject, finding }))
    })
    await recordFindings(deps, db, findings, now)
    const ids = rows.map(({ accountId }) => accountId).sort()
    await db.query('update app.screening set lists_digest = $2, screened_at = $3 where account_id = any($1)', [ids, lists.digest, now])
    return { last: ids.at(-1), count: ids.length }
  })
}

function subjectOf(keys: readonly Buffer[], { accountId, sealed, country, wallets }: Row): Subject {
  if (sealed === null) return { kind: 'person', name: '', birthDate: null, country, wallets }
  const { kind, firstName, lastName, birthDate } = openIdentity(keys, accountId, sealed)
  return { kind, name: `${firstName} ${lastName}`.trim(), birthDate, country, wallets }
}

interface Found {
  accountId: string
  subject: Subject
  finding: Finding<ListedEntry>
}

/** Once for each state of entry and person: what was dismissed isn't opened again by the next list that says the same. */
async function recordFindings({ log }: ScreeningDeps, db: Db, findings: readonly Found[], now: Date): Promise<void> {
  if (findings.length === 0) return
  const { rows } = await db.query<{ id: string; at: number }>(
    `with given as (
       select gen_random_uuid() as id, h.* from jsonb_to_recordset($1::jsonb) as h
         (at int, account_id uuid, source text, ref text, list_id uuid, kind text, score numeric, matched jsonb, fingerprint text)
     ), kept as (
       insert into app.sanctions_hit (id, account_id, source, ref, list_id, kind, score, matched, fingerprint, found_at)
       select id, account_id, source, ref, list_id, kind, score, matched, decode(fingerprint, 'hex'), $2 from given
       on conflict do nothing
       returning id
     )
     select id, given.at from kept join given using (id) order by given.at`,
    [
      JSON.stringify(
        findings.map(({ accountId, subject, finding: { entry, kind, score, matched } }, at) => ({
          at,
          account_id: accountId,
          source: entry.source,
          ref: entry.ref,
          list_id: entry.listId,
          kind,
          score: score.toFixed(3),
          matched,
          fingerprint: fingerprintOf(entry, kind === 'name' ? [subject.name, subject.birthDate, subject.country] : matched.address),
        })),
      ),
      now,
    ],
  )
  const cases: NewCase[] = []
  for (const { id, at } of rows) {
    const { accountId, finding } = findings[at]!
    const { entry, isCertain, matched } = finding
    const score = Number(finding.score.toFixed(3))
    if (isCertain) await freezeAccount(db, { accountId, reason: 'Sanctions list', cause: `hit ${id}` }, now)
    cases.push({
      kind: 'sanctions',
      accountId,
      subject: `sanctions ${id}`,
      reason: isCertain ? 'Frozen: the same as an entry of a sanctions list' : 'Like an entry of a sanctions list',
      evidence: { hitId: id, source: entry.source, ref: entry.ref, listId: entry.listId, score, isCertain, matched },
    })
    log.warn({ accountId, source: entry.source, ref: entry.ref, score, isCertain }, 'An account is like an entry of a sanctions list')
  }
  await openCases(db, cases, now)
}

function fingerprintOf({ kind, names, births, countries, wallets }: ListedEntry, compared: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([kind, names, births, countries, wallets, compared]))
    .digest('hex')
}
