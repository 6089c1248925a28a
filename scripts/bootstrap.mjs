// Stands before every npm script: installs what is missing and makes sure that Node 24 runs it. Plain JavaScript, no dependency.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_MAJOR = 24
const ARGUMENTS = 'TERRA_BOOTSTRAP_ARGUMENTS'
const root = resolve(process.env.TERRA_BOOTSTRAP_ROOT ?? join(dirname(fileURLToPath(import.meta.url)), '..'))

/** Whether `node_modules` is absent, left half-done, or not what the lock file says. */
export function needsInstall(folder) {
  const lock = read(join(folder, 'package-lock.json'))
  const installed = read(join(folder, 'node_modules', '.package-lock.json'))
  // npm writes this file last, so an interrupted installation has none.
  if (installed === undefined) return true
  if (lock === undefined || read(join(folder, 'node_modules', '.terra-installed')) === digest(lock)) return false
  const has = JSON.parse(installed).packages
  return Object.entries(JSON.parse(lock).packages).some(
    ([path, { version, optional, os, cpu, libc }]) =>
      path !== '' && version !== has[path]?.version && !(has[path] === undefined && optional && !isFor({ os, cpu, libc })),
  )
}

/** Whether an optional package is meant for this machine; those bound to a C library are left to npm. */
function isFor({ os, cpu, libc }) {
  return (os ?? [process.platform]).includes(process.platform) && (cpu ?? [process.arch]).includes(process.arch) && libc === undefined
}

/** Runs `npm ci` (`npm install` without a lock file) and shows one line with the time. Resolves to the exit code. */
async function install(folder) {
  const lock = read(join(folder, 'package-lock.json'))
  const started = Date.now()
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`
  if (!process.stderr.isTTY) process.stderr.write('Installing packages\n')
  const timer = setInterval(() => process.stderr.isTTY && process.stderr.write(`\rInstalling packages ${seconds()}`), 1000)
  const output = []
  const code = await run('npm', [lock === undefined ? 'install' : 'ci', '--no-audit', '--no-fund', '--loglevel=error'], folder, output)
  clearInterval(timer)
  process.stderr.write(
    `${process.stderr.isTTY ? '\r' : ''}${code === 0 ? `Installed packages in ${seconds()}` : 'Packages could not be installed:'}\n`,
  )
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  if (code !== 0) process.stderr.write(Buffer.concat(output).toString().slice(-4000))
  else if (lock !== undefined) writeFileSync(join(folder, 'node_modules', '.terra-installed'), digest(lock))
  return code
}

/** Runs a command to its end, passing signals on. With `output` what it prints is collected there instead of shown. */
function run(command, args, cwd, output, env = process.env) {
  // Windows starts npm and npx through a shell; every argument of ours that goes that way is a plain word.
  const shell = process.platform === 'win32' && command !== process.execPath && !command.includes('\\')
  const child = spawn(command, args, { cwd, env, shell, stdio: output ? ['ignore', 'pipe', 'pipe'] : 'inherit' })
  for (const stream of output ? [child.stdout, child.stderr] : []) stream.on('data', (chunk) => output.push(chunk))
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const pass = (signal) => child.kill(signal)
  for (const signal of signals) process.on(signal, pass)
  return new Promise((done) => {
    child.once('error', (error) => {
      process.stderr.write(`${command} could not be started: ${error.message}\n`)
      done(127)
    })
    child.once('exit', (code, signal) => done(code ?? 128 + (constants.signals[signal] ?? 0)))
  }).finally(() => {
    for (const signal of signals) process.off(signal, pass)
  })
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function digest(text) {
  return createHash('sha256').update(text).digest('hex')
}

async function main() {
  // The second time round, under Node 24, the arguments come through the environment: no shell ever quotes them.
  const inherited = process.env[ARGUMENTS]
  const { args, cwd } = inherited === undefined ? { args: process.argv.slice(2), cwd: process.cwd() } : JSON.parse(inherited)
  if (args[0] === undefined) {
    process.stderr.write('usage: node scripts/bootstrap.mjs <script> [argument…]\n')
    return 2
  }
  if (Number.parseInt(process.versions.node, 10) < NODE_MAJOR) {
    if (inherited !== undefined) {
      process.stderr.write(`Node ${NODE_MAJOR} or newer is needed and npx did not bring it; install it from https://nodejs.org\n`)
      return 1
    }
    const env = { ...process.env, [ARGUMENTS]: JSON.stringify({ args, cwd }), TERRA_BOOTSTRAP_ROOT: root }
    // What npx fetched once is used again without asking the registry.
    const known = read(join(root, 'node_modules', '.terra-node'))?.trim()
    const self = join('scripts', 'bootstrap.mjs')
    if (known !== undefined && existsSync(known)) {
      return run(known, [self], root, undefined, { ...env, PATH: dirname(known) + delimiter + process.env.PATH })
    }
    process.stderr.write(`This is Node ${process.versions.node}; going on under Node ${NODE_MAJOR} from the npm registry\n`)
    return run(
      'npx',
      ['-y', '-p', `node@${NODE_MAJOR}`, '-c', process.platform === 'win32' ? `"node ${self}"` : `node ${self}`],
      root,
      undefined,
      env,
    )
  }
  if (needsInstall(root)) {
    const code = await install(root)
    if (code !== 0) return code
  }
  if (inherited !== undefined) writeFileSync(join(root, 'node_modules', '.terra-node'), process.execPath)
  const { [ARGUMENTS]: _arguments, TERRA_BOOTSTRAP_ROOT: _root, ...env } = process.env
  // What is started from here keeps its compiled modules: the second start of a program takes two thirds of the first one's time.
  env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'compiled')
  return run(process.execPath, [resolve(root, args[0]), ...args.slice(1)], cwd, undefined, env)
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) process.exitCode = await main()
