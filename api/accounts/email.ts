import { inTransaction } from '../../common/node/db.ts'
import type { Deps } from '../http/deps.ts'
import { deriveKey, sign } from '../http/tokens.ts'
import { countTry } from './lockout.ts'
import { endLinks, lockLink, sendLink } from './mailed-links.ts'
import { noteProvenEmail } from './queries.ts'

/** Sends a link for a new password to the account of an e-mail, if there is one; nobody learns whether. @throws AppError TRY_LATER */
export function requestReset(deps: Deps, email: string): Promise<void> {
  return mailLink(deps, email, 'reset_password')
}

/** Sends the link by which an account proves its e-mail. @throws AppError TRY_LATER */
export function requestConfirmation(deps: Deps, email: string): Promise<void> {
  return mailLink(deps, email, 'verify_email')
}

/** @throws AppError LINK_EXPIRED */
export function confirmEmail({ pool, clock }: Deps, token: string): Promise<void> {
  return inTransaction(pool, async (db) => {
    const { accountId } = await lockLink(db, token, 'verify_email', clock())
    await endLinks(db, accountId, 'verify_email', clock())
    await noteProvenEmail(db, accountId, clock())
  })
}

/** Counted by e-mail, known or not, in the transaction that sends: nobody's mailbox is filled, and both take equally long. */
function mailLink({ pool, clock, settings }: Deps, email: string, purpose: Parameters<typeof sendLink>[2]): Promise<void> {
  const key = sign(deriveKey(settings.jwtSecret, `mailed links ${purpose}`), email.toLowerCase())
  return inTransaction(pool, async (db) => {
    await countTry(db, key, clock(), 'Too many mails were asked for.')
    await sendLink(db, email, purpose, clock())
  })
}
