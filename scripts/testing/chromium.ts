import { execFileSync } from 'node:child_process'
import { accessSync, constants, readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { LocalError } from '../local/local-error.ts'
import { runProgram } from './program.ts'

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'microsoft-edge-stable',
  'brave-browser',
]
const PLACES = [
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
]

interface Installer {
  program: string
  commands: string[][]
}

const INSTALLERS: Installer[] = [
  {
    program: 'apt-get',
    commands: [
      ['apt-get', 'update', '-qq'],
      ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium'],
    ],
  },
  { program: 'dnf', commands: [['dnf', 'install', '-y', 'chromium']] },
  { program: 'apk', commands: [['apk', 'add', '--no-cache', 'chromium']] },
  { program: 'pacman', commands: [['pacman', '-Sy', '--noconfirm', 'chromium']] },
  { program: 'zypper', commands: [['zypper', '--non-interactive', 'install', 'chromium']] },
  { program: 'brew', commands: [['brew', 'install', '--cask', 'chromium']] },
]

/** A Chromium-like browser on this machine that starts: CHROMIUM_PATH, then the PATH, then the usual places. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.CHROMIUM_PATH) return env.CHROMIUM_PATH
  const onPath = (env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, process.platform === 'win32' ? `${name}.exe` : name)))
  return [...onPath, ...PLACES, ...playwrightBrowsers(env)].find((path) => isProgram(path) && starts(path))
}

/**
 * The browser for the tests; where there is none it is installed by the system's package manager, if this user may.
 * @throws LocalError with the exact command for somebody who may
 */
export async function ensureChromium(say: (text: string) => void): Promise<string> {
  const found = findChromium()
  if (found !== undefined) return found
  const installer = INSTALLERS.find(({ program }) => isOnPath(program))
  const prefix = prefixFor(installer)
  const words = installer?.commands.map((command) => [...(prefix ?? ['sudo']), ...command].join(' ')).join(' && ')
  const how = words === undefined ? 'install Chromium or Chrome' : `run ${words}`
  if (installer === undefined || prefix === undefined) {
    throw new LocalError(`No Chromium was found for the browser tests: ${how}, or set CHROMIUM_PATH to one, and run npm test again.`)
  }
  for (const command of installer.commands) {
    const [program, ...args] = [...prefix, ...command] as [string, ...string[]]
    say(`Installing Chromium: ${[program, ...args].join(' ')}`)
    const { code, output } = await runProgram(program, args, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
    if (code !== 0)
      throw new LocalError(
        `Chromium could not be installed (${output.trim().split('\n').at(-1)}): ${how}, or set CHROMIUM_PATH, and run npm test again.`,
      )
  }
  const installed = findChromium()
  if (installed === undefined)
    throw new LocalError('Chromium was installed but does not start: set CHROMIUM_PATH to a browser that does, and run npm test again.')
  return installed
}

/** What must stand before the command: nothing for root, sudo where it asks for no password; undefined when this user may not. */
function prefixFor(installer: Installer | undefined): string[] | undefined {
  if (installer === undefined) return undefined
  if (installer.program === 'brew' || process.getuid?.() === 0) return []
  try {
    execFileSync('sudo', ['-n', 'true'], { stdio: 'ignore' })
    return ['sudo', '-n']
  } catch {
    return undefined
  }
}

function playwrightBrowsers(env: NodeJS.ProcessEnv): string[] {
  const home = env.PLAYWRIGHT_BROWSERS_PATH ?? join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'ms-playwright')
  try {
    return readdirSync(home)
      .filter((name) => /^chromium-\d+$/.test(name))
      .sort()
      .reverse()
      .map((name) => join(home, name, 'chrome-linux', 'chrome'))
  } catch {
    return []
  }
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isProgram(join(folder, program)))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Some systems have a `chromium` that only says how to install one. */
function starts(path: string): boolean {
  if (process.platform === 'win32') return true
  try {
    return /\d+\.\d+/.test(execFileSync(path, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 20_000 }))
  } catch {
    return false
  }
}
