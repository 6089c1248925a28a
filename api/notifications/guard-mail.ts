import type { Transporter } from 'nodemailer'
import type { Breaker } from '../../common/node/breaker.ts'

type Mail = Pick<Transporter, 'sendMail'>

/** Sends by a breaker. A server that answers, be it that it refuses a mail, is there (nodemailer.com/errors: `responseCode`). */
export function guardMail(mail: Mail, guard: Breaker): Mail {
  const isAway = (error: unknown) => (error as { responseCode?: number }).responseCode === undefined
  return { sendMail: ((message) => guard.run(() => mail.sendMail(message), { isAway })) as Mail['sendMail'] }
}
