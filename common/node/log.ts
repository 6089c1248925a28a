import { pino } from 'pino'

export type Log = Pick<ReturnType<typeof pino>, 'info' | 'warn' | 'error' | 'debug'>

/** JSON lines on standard output. Secrets are never passed to it; what might carry one is cut out here as a second line of defence. */
export function openLog(name: string, level = 'info') {
  return pino({
    name,
    level,
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
  })
}
