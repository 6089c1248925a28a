import { createHash, randomUUID } from 'node:crypto'
import type { Db } from '../../common/node/db.ts'
import { seal, unseal } from '../../common/node/seal.ts'
import type { AccreditationAtDesk, AccreditationClaim, AccreditationFile, EvidenceKind } from '../../common/wire-accreditation.ts'
import type { Assessment } from './assess.ts'

export interface ClaimRow {
  id: string
  claim: AccreditationClaim
  asOf: string
  expiresAt: Date
  minimumCents: string | null
  submittedAt: Date | null
  isApproved: boolean | null
  files: AccreditationFile[]
}

export interface NewFile {
  kind: EvidenceKind
  fileName: string
  mediaType: string
  content: Buffer
}

/** The account's newest claim with its documents, or null. */
export async function findClaim(db: Db, accountId: string): Promise<ClaimRow | null> {
  const { rows } = await db.query<Omit<ClaimRow, 'files'>>(
    `select id, claim, to_char(as_of, 'YYYY-MM-DD') as "asOf", expires_at as "expiresAt", minimum_cents as "minimumCents",
       submitted_at as "submittedAt", is_approved as "isApproved"
     from app.accreditation
     where account_id = $1
     order by created_at desc, id desc
     limit 1`,
    [accountId],
  )
  if (!rows[0]) return null
  const files = await db.query<AccreditationFile>(
    `select id, kind, name, media_type as "mediaType", sha256, bytes from app.accreditation_file
     where accreditation_id = $1
     order by uploaded_at, id`,
    [rows[0].id],
  )
  return { ...rows[0], files: files.rows }
}

/** What the rules count at a moment: for every offering until when, and under Rule 506(c) from which size of order on. */
export async function findInForce(db: Db, accountId: string, at: Date): Promise<{ until: Date | null; fromCents: string | null }> {
  const { rows } = await db.query<{ until: Date | null; fromCents: string | null }>(
    `select max(expires_at) filter (where minimum_cents is null and expires_at > $2) as until,
       app.verified_from_cents($1, $2) as "fromCents"
     from app.accreditation
     where account_id = $1 and is_approved`,
    [accountId, at],
  )
  return rows[0]!
}

export async function deleteDraft(db: Db, accountId: string): Promise<void> {
  await db.query('delete from app.accreditation where account_id = $1 and submitted_at is null', [accountId])
}

/** Begins a claim. `ruleFrom` is the version it was measured by. */
export async function insertClaim(
  db: Db,
  accountId: string,
  given: { claim: AccreditationClaim; asOf: string; expiresAt: Date; ruleFrom: Date } & Pick<Assessment, 'class' | 'minimumCents'>,
  now: Date,
): Promise<void> {
  await db.query(
    `insert into app.accreditation (account_id, path, claim, class, minimum_cents, rule_from, as_of, expires_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [accountId, given.claim.path, given.claim, given.class, given.minimumCents, given.ruleFrom, given.asOf, given.expiresAt, now],
  )
}

/** Adds a document to a draft, sealed so that it opens as this row only. */
export async function insertFile(
  db: Db,
  keys: readonly Buffer[],
  { accountId, claimId }: { accountId: string; claimId: string },
  file: NewFile,
  now: Date,
): Promise<void> {
  const id = randomUUID()
  const sha256 = createHash('sha256').update(file.content).digest('hex')
  await db.query(
    `insert into app.accreditation_file (id, accreditation_id, account_id, kind, name, media_type, sha256, bytes, sealed, uploaded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      id,
      claimId,
      accountId,
      file.kind,
      file.fileName,
      file.mediaType,
      sha256,
      file.content.length,
      seal(keys, file.content, contextOf(id)),
      now,
    ],
  )
}

export async function markSubmitted(db: Db, claimId: string, now: Date): Promise<void> {
  await db.query('update app.accreditation set submitted_at = $2 where id = $1', [claimId, now])
}

/** A submitted claim as the desk reads it, or undefined. For staff only. */
export async function findAtDesk(db: Db, claimId: string): Promise<AccreditationAtDesk | undefined> {
  const { rows } = await db.query<Omit<AccreditationAtDesk, 'expiresAt'> & { expiresAt: Date }>(
    `select claim, as_of as "asOf", expires_at as "expiresAt", files from app.accreditation_at_desk($1)`,
    [claimId],
  )
  return rows[0] && { ...rows[0], expiresAt: rows[0].expiresAt.toISOString() }
}

/** A document of a submitted claim, opened, or undefined. For staff only. */
export async function openFileAtDesk(
  db: Db,
  keys: readonly Buffer[],
  fileId: string,
): Promise<{ name: string; mediaType: string; content: Buffer } | undefined> {
  const { rows } = await db.query<{ id: string; name: string; mediaType: string; sealed: Buffer }>(
    `select id, name, media_type as "mediaType", sealed from app.accreditation_file_at_desk($1)`,
    [fileId],
  )
  const row = rows[0]
  return row && { name: row.name, mediaType: row.mediaType, content: unseal(keys, row.sealed, contextOf(row.id)) }
}

function contextOf(fileId: string): string {
  return `accreditation file ${fileId}`
}
