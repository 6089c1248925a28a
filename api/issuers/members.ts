import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import type { Member, MemberRole } from '../../common/wire-issuer.ts'

/** Who acts for the viewer's issuer, in the order in which they joined. */
export async function listMembers(db: Db): Promise<Member[]> {
  const { rows } = await db.query<Omit<Member, 'joinedAt'> & { joinedAt: Date }>(
    `select m.account_id as "accountId", a.email, a.display_name as "displayName", m.role, m.joined_at as "joinedAt"
     from app.issuer_member m
     join app.account a on a.id = m.account_id
     where m.issuer_id = app.current_issuer()
     order by m.joined_at, m.account_id`,
  )
  return rows.map((row) => ({ ...row, joinedAt: row.joinedAt.toISOString() }))
}

/** Changes what a member may do. @throws AppError NOT_FOUND, LAST_OWNER */
export async function changeRole(db: Db, accountId: string, role: MemberRole): Promise<void> {
  await keepOwner(db, accountId, role)
  await db.query('update app.issuer_member set role = $2 where account_id = $1 and issuer_id = app.current_issuer()', [accountId, role])
}

/** Ends a membership: the person is an investor again from the next request on. @throws AppError NOT_FOUND, LAST_OWNER */
export async function removeMember(db: Db, accountId: string): Promise<void> {
  await keepOwner(db, accountId, null)
  await db.query('delete from app.issuer_member where account_id = $1 and issuer_id = app.current_issuer()', [accountId])
}

/** Refuses a change after which nobody could manage the issuer. All its members are locked: two owners can't remove each other at once. */
async function keepOwner(db: Db, accountId: string, becomes: MemberRole | null): Promise<void> {
  const { rows } = await db.query<{ accountId: string; role: MemberRole }>(
    `select account_id as "accountId", role from app.issuer_member where issuer_id = app.current_issuer() order by account_id for update`,
  )
  if (!rows.some((member) => member.accountId === accountId)) throw new AppError('NOT_FOUND', 'Nobody like that acts for your issuer')
  const hasOwner = becomes === 'owner' || rows.some((member) => member.role === 'owner' && member.accountId !== accountId)
  if (!hasOwner) throw new AppError('LAST_OWNER', 'An issuer keeps one owner at least. Make somebody else owner first')
}
