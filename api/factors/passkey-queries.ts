import type { AuthenticatorTransport, WebAuthnCredential } from '@simplewebauthn/server'
import type { Db } from '../../common/node/db.ts'

/** All of these are to be called in a transaction whose viewer is the account. */

export interface NewPasskey {
  accountId: string
  credential: WebAuthnCredential
  isSynced: boolean
  name: string
}

/** Keeps a passkey; false when some account has it already. */
export async function insertPasskey(db: Db, { accountId, credential, isSynced, name }: NewPasskey, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into app.passkey (account_id, credential_id, public_key, counter, transports, is_synced, name, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (credential_id) do nothing`,
    [accountId, credential.id, credential.publicKey, credential.counter, credential.transports ?? [], isSynced, name, now],
  )
  return rowCount === 1
}

/** An account's passkeys as the library wants them. */
export async function listCredentials(db: Db, accountId: string): Promise<WebAuthnCredential[]> {
  const { rows } = await db.query<{ id: string; publicKey: Buffer; counter: string; transports: AuthenticatorTransport[] }>(
    `select credential_id as id, public_key as "publicKey", counter, transports from app.passkey where account_id = $1`,
    [accountId],
  )
  return rows.map((row) => ({ ...row, publicKey: new Uint8Array(row.publicKey), counter: Number(row.counter) }))
}

/** Moves the counter on; false when it did not rise: two signatures made at once, or a copied key. */
export async function notePasskeyUse(db: Db, accountId: string, credentialId: string, counter: number, now: Date): Promise<boolean> {
  const { rowCount } = await db.query(
    `update app.passkey set counter = $3, last_used_at = $4
     where account_id = $1 and credential_id = $2 and (counter < $3 or (counter = 0 and $3 = 0))`,
    [accountId, credentialId, counter, now],
  )
  return rowCount === 1
}

export async function renamePasskey(db: Db, accountId: string, id: string, name: string): Promise<boolean> {
  return (await db.query('update app.passkey set name = $3 where account_id = $1 and id = $2', [accountId, id, name])).rowCount === 1
}

/** Removes a passkey and gives its name; undefined when there is none. */
export async function deletePasskey(db: Db, accountId: string, id: string): Promise<string | undefined> {
  const { rows } = await db.query<{ name: string }>('delete from app.passkey where account_id = $1 and id = $2 returning name', [
    accountId,
    id,
  ])
  return rows[0]?.name
}
