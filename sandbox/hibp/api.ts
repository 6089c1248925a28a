import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

/** Passwords that are long enough and still in every breach list, with a count each. */
const BREACHED: Record<string, number> = {
  'correct horse battery staple': 216,
  correcthorsebatterystaple: 4_163,
  thequickbrownfox: 3_120,
  thequickbrownfoxjumps: 1_311,
  'to be or not to be': 107,
  unbelievable123: 1_092,
  manchesterunited: 40_210,
  iloveyouforever: 20_815,
  onetwothreefour: 2_914,
  whatthehell123: 862,
}
const SUFFIX = 35
/** With padding every answer has 800 to 1,000 lines. */
const PADDED = 800

/** The range API of Have I Been Pwned (haveibeenpwned.com/API/v3): suffixes of SHA-1 hashes under five hex digits, with how often each was seen. */
export async function rangeApi(app: FastifyInstance) {
  const hashes = Object.entries(BREACHED).map(([password, count]) => ({ hash: sha1(password), count }))

  app.get<{ Params: { prefix: string } }>('/range/:prefix', async (request, reply) => {
    const prefix = request.params.prefix.toUpperCase()
    if (!/^[0-9A-F]{5}$/.test(prefix)) return reply.status(400).type('text/plain').send('The hash prefix was not in a valid format')
    const lines = hashes.filter(({ hash }) => hash.startsWith(prefix)).map(({ hash, count }) => `${hash.slice(5)}:${count}`)
    // Neighbours, so that no answer is empty; the true service has hundreds for each prefix.
    for (let at = 0; at < 20; at++) lines.push(`${sha1(`${prefix} neighbour ${at}`).slice(-SUFFIX)}:${1 + (at % 7)}`)
    if (request.headers['add-padding'] === 'true')
      for (let at = lines.length; at < PADDED; at++) lines.push(`${sha1(`${prefix} padding ${at}`).slice(-SUFFIX)}:0`)
    return reply.type('text/plain').send(lines.sort().join('\r\n'))
  })
}

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex').toUpperCase()
}
