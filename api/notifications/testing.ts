import { createTransport } from 'nodemailer'
import { openPool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import type { TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { TestApi } from '../testing.ts'
import { listUnsent, type MailDeps, sendNotification } from './send.ts'

export interface TestMailer {
  /** Sends what waits to be sent, and gives the mails that an address got so far, oldest first. */
  mailsTo(email: string): Promise<{ subject: string; text: string }[]>
  /** The secret of the newest link to a page. */
  linkTo(path: string, email: string): Promise<string>
  close(): Promise<void>
}

/** The worker's part of mail, by SMTP to the sandbox. */
export function openTestMailer(api: TestApi, sandbox: TestSandbox): TestMailer {
  const deps: MailDeps = {
    pool: openPool(api.db.urlOf('terra_worker')),
    mail: createTransport({ url: sandbox.smtpUrl }),
    mailFrom: 'Terra Lumina <no-reply@terra-lumina.example>',
    publicUrl: new URL('http://localhost:3000'),
    clock: api.deps.clock,
    log: openLog('worker', 'silent'),
  }
  const mailsTo: TestMailer['mailsTo'] = async (email) => {
    for (const id of await listUnsent(deps.pool, api.clock.now)) await sendNotification(deps, id)
    const mails = (await (await fetch(`${sandbox.url}/inbox.json?to=${email}`)).json()) as { subject: string; text: string }[]
    return mails.reverse()
  }
  return {
    mailsTo,
    async linkTo(path, email) {
      const found = (await mailsTo(email)).map(({ text }) => new RegExp(`http://localhost:3000${path}#(\\S+)`).exec(text)?.[1])
      return found.findLast((token) => token !== undefined)!
    },
    close: () => deps.pool.end(),
  }
}
