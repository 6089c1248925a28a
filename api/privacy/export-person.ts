import { asViewer, type Pool } from '../../common/node/db.ts'
import { PERSON_TABLES } from './person-tables.ts'

/** Rows that are no table's of ours alone: what issuers noted under the person's e-mail, what is booked, and what the public chain says of their wallets. */
const ELSEWHERE: readonly { name: string; sql: string }[] = [
  { name: 'relationship', sql: 'select to_jsonb(r) as row from app.relationships_of($1) r' },
  { name: 'invitation', sql: 'select to_jsonb(i) as row from app.invitations_of($1) i' },
  { name: 'ledger', sql: 'select to_jsonb(l) as row from app.ledger_of($1) l' },
  ...['account', 'holding', 'receipt', 'claim'].map((name) => {
    const owner = { account: 'account', holding: 'holder', receipt: 'investor', claim: 'holder' }[name]
    return {
      name: `chain.${name}`,
      sql: `select to_jsonb(c) as row from chain.${name} c where c.${owner} in (select address from app.wallet where account_id = $1)`,
    }
  }),
]

/**
 * Everything that is kept of a person as the text of one JSON object, a table at a time: `{exportedAt, tables: {name: [row, …]}}`. No transaction stays
 * open while a slow reader reads.
 */
export async function* exportPerson(pool: Pool, accountId: string, now: Date): AsyncGenerator<string> {
  yield `{"exportedAt":${JSON.stringify(now.toISOString())},"tables":{`
  let before = ''
  const queries = [
    ...PERSON_TABLES.map(({ name, where, hidden }) => ({
      name,
      sql: `select to_jsonb(t) - '{${hidden.join(',')}}'::text[] as row from app.${name} t where ${where}`,
    })),
    ...ELSEWHERE,
  ]
  for (const { name, sql } of queries) {
    const rows = await asViewer(pool, { accountId }, async (db) => (await db.query<{ row: object }>(sql, [accountId])).rows)
    yield `${before}${JSON.stringify(name)}:[${rows.map(({ row }) => JSON.stringify(row)).join(',')}]`
    before = ','
  }
  yield '}}\n'
}
