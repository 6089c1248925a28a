import { type LoggerOptions, pino, stdSerializers } from 'pino'

export type Log = Pick<ReturnType<typeof pino>, 'info' | 'warn' | 'error' | 'debug'>

/** JSON lines on standard output, or where a test says. Secrets are never passed to it; what might carry one is cut out here as a second line of defence. */
export function openLog(name: string, level = 'info', destination?: { write(line: string): void }) {
  const options: LoggerOptions = {
    name,
    level,
    serializers: { err: describeError },
    redact: {
      paths: [
        'req.headers.authorization',
        'req.headers.cookie',
        'password',
        'token',
        'refreshToken',
        '*.password',
        '*.token',
        '*.refreshToken',
      ],
      remove: true,
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** What Postgres adds to an error repeats the values of the row that it is about. */
const VALUES = ['detail', 'where', 'hint', 'internalQuery', 'parameters']

function describeError(error: Error): object {
  const { raw: _raw, ...shown } = stdSerializers.err(error)
  return Object.fromEntries(Object.entries(shown).filter(([name]) => !VALUES.includes(name)))
}
