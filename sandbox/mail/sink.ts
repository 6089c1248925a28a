import { randomUUID } from 'node:crypto'
import { SMTPServer } from 'smtp-server'
import type { Store } from '../state.ts'
import { readMail } from './mime.ts'

const KEPT_MAILS = 1_000
const LARGEST_BYTES = 10_485_760

/** Accepts any mail for anybody and keeps it; nothing leaves. */
export async function openSink(
  store: Store,
  port: number,
  host: string,
  now: () => Date,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    size: LARGEST_BYTES,
    logger: false,
    onAuth: (_auth, _session, done) => done(null, { user: 'anyone' }),
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { from, to, subject, text } = readMail(Buffer.concat(chunks))
        const recipients = session.envelope.rcptTo.map(({ address }) => address)
        store.state.mails.push({
          id: randomUUID(),
          receivedAt: now().toISOString(),
          from,
          to: recipients.length > 0 ? recipients : to,
          subject,
          text,
        })
        store.state.mails.splice(0, store.state.mails.length - KEPT_MAILS)
        store.changed()
        done()
      })
    },
  })
  // A client that goes away in the middle is its own affair.
  server.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  return {
    port: (server.server.address() as { port: number }).port,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
