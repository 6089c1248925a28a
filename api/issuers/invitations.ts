import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import type { Invitation, MemberRole } from '../../common/wire-issuer.ts'
import { hashToken } from '../http/tokens.ts'

/** Invitations of one issuer that wait at the same time. */
const MOST_OPEN = 50

type Row = Omit<Invitation, 'createdAt' | 'expiresAt'> & { createdAt: Date; expiresAt: Date | null }
const COLUMNS = `id, email::text, role, created_at as "createdAt", expires_at as "expiresAt"`
const IS_OPEN = 'accepted_at is null and withdrawn_at is null'

/** Invitations of the viewer's issuer that can be accepted. */
export async function listInvitations(db: Db, now: Date): Promise<Invitation[]> {
  const { rows } = await db.query<Row>(
    `select ${COLUMNS} from app.issuer_invitation
     where issuer_id = app.current_issuer() and ${IS_OPEN} and (expires_at is null or expires_at > $1)
     order by created_at, id`,
    [now],
  )
  return rows.map(toWire)
}

export interface NewInvitation {
  issuerId: string
  email: string
  role: MemberRole
  /** Null where an operator invites. */
  invitedBy: string | null
}

/**
 * Invites an e-mail, whoever reads it, and rings for the mail to be sent; an open invitation to the same one is no good any more.
 * @throws AppError ALREADY_MEMBER, TRY_LATER
 */
export async function invite(db: Db, { issuerId, email, role, invitedBy }: NewInvitation, now: Date): Promise<Invitation> {
  // One at a time for an issuer, so that there is one open invitation to an e-mail.
  await db.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`invitations ${issuerId}`])
  const { rows: members } = await db.query(
    'select from app.issuer_member m join app.account a on a.id = m.account_id where m.issuer_id = $1 and a.email = $2',
    [issuerId, email],
  )
  if (members.length > 0) throw new AppError('ALREADY_MEMBER', 'This person acts for your issuer already')
  await db.query(`update app.issuer_invitation set withdrawn_at = $3 where issuer_id = $1 and email = $2 and ${IS_OPEN}`, [
    issuerId,
    email,
    now,
  ])
  const { rows: open } = await db.query<{ n: number }>(
    `select count(*)::int as n from app.issuer_invitation where issuer_id = $1 and ${IS_OPEN} and (expires_at is null or expires_at > $2)`,
    [issuerId, now],
  )
  if (open[0]!.n >= MOST_OPEN) throw new AppError('TRY_LATER', `${MOST_OPEN} invitations wait already. Withdraw some first`)
  const { rows } = await db.query<Row>(
    `insert into app.issuer_invitation (issuer_id, email, role, invited_by, created_at) values ($1, $2, $3, $4, $5) returning ${COLUMNS}`,
    [issuerId, email, role, invitedBy, now],
  )
  await sendInvitation(db, rows[0]!.id, issuerId, now)
  return toWire(rows[0]!)
}

/** Makes an invitation no good. @throws AppError NOT_FOUND */
export async function withdrawInvitation(db: Db, id: string, now: Date): Promise<void> {
  const { rowCount } = await db.query(
    `update app.issuer_invitation set withdrawn_at = $2 where id = $1 and issuer_id = app.current_issuer() and ${IS_OPEN}`,
    [id, now],
  )
  if (rowCount === 0) throw new AppError('NOT_FOUND', 'No such invitation waits')
}

/** Makes the viewer a member by the secret of an invitation. @throws AppError LINK_EXPIRED, INVITED_ANOTHER, ALREADY_MEMBER */
export async function acceptInvitation(db: Db, token: string, accountId: string, now: Date): Promise<void> {
  const { rows } = await db.query<{ outcome: string }>('select app.accept_invitation($1, $2, $3) as outcome', [
    hashToken(token),
    accountId,
    now,
  ])
  switch (rows[0]!.outcome) {
    case 'joined':
      return
    case 'another':
      throw new AppError('INVITED_ANOTHER', 'This invitation was sent to another e-mail. Sign in with the account of that one')
    case 'member':
      throw new AppError('ALREADY_MEMBER', 'You act for an issuer already. Leave it first')
    default:
      throw new AppError('LINK_EXPIRED', 'This invitation was used or withdrawn, or is too old. Ask for a new one')
  }
}

async function sendInvitation(db: Db, id: string, issuerId: string, now: Date): Promise<void> {
  await db.query(
    `with message as (
       insert into app.notification (invitation_id, kind, subject, body, cause, created_at)
       select $1::uuid, 'invitation', name || ' invites you to Terra Lumina',
         'You are asked to act for ' || name || ' on Terra Lumina. Open this page within seven days, sign in with this e-mail or create an account with it, and accept. If you know nothing of this, do nothing.',
         'invitation:' || $1::text, $3
       from app.issuer where id = $2
       returning id
     )
     insert into app.outbox (topic, payload) select 'notification', jsonb_build_object('notificationId', id) from message`,
    [id, issuerId, now],
  )
}

function toWire(row: Row): Invitation {
  return { ...row, createdAt: row.createdAt.toISOString(), expiresAt: row.expiresAt?.toISOString() ?? null }
}
