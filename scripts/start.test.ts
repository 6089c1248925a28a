import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { until } from '../common/node/testing.ts'
import { type Ports, randomPorts } from './local/ports.ts'
import { keeperOf, orphansOf } from './local/registry.ts'
import type { Summary } from './local/summary.ts'

let folder: string
let ports: Ports

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'terra-start-'))
  await chmod(folder, 0o755)
  ports = await randomPorts()
})
after(async () => {
  const keeper = keeperOf(folder)
  if (keeper !== undefined) process.kill(keeper, 'SIGKILL')
  for (const { pid } of orphansOf(folder)) process.kill(pid, 'SIGKILL')
  await until(async () => orphansOf(folder).length === 0)
  await rm(folder, { recursive: true, force: true })
})

interface Run {
  child: ChildProcess
  out: string
  err: string
  code: Promise<number | null>
}

function run(script: string, args: string[], env: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, [join(import.meta.dirname, script), ...args], {
    env: {
      ...process.env,
      TERRA_FOLDER: folder,
      TERRA_STOP_WITH: String(process.pid),
      WEB_PORT: String(ports.web),
      RPC_PORT: String(ports.rpc),
      DB_PORT: String(ports.db),
      SANDBOX_PORT: String(ports.sandbox),
      SMTP_PORT: String(ports.smtp),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const result: Run = { child, out: '', err: '', code: new Promise((resolve) => child.once('close', resolve)) }
  child.stdout?.on('data', (chunk) => {
    result.out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    result.err += chunk
  })
  return result
}

async function start(): Promise<Run & { summary: Summary }> {
  const started = run('start.ts', ['--no-seed', '--json'])
  await until(async () => {
    if (started.child.exitCode !== null) throw new Error(started.err)
    return started.out.endsWith('}\n')
  }, 120_000)
  return Object.assign(started, { summary: JSON.parse(started.out) as Summary })
}

const ACCOUNT = { email: 'ada@example.org', password: 'a long walk along the river', country: 'GB' }

async function post(summary: Summary, path: string, body: object): Promise<number> {
  const headers = { 'content-type': 'application/json', origin: summary.web }
  const response = await fetch(`${summary.web}/api/v1/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  await response.body?.cancel()
  return response.status
}

describe('npm start', () => {
  it('brings everything up, says where it is, and goes on from kept data after it was killed', async () => {
    const first = await start()
    expect(first.err).to.contain('✔ PostgreSQL 18').and.contain('✔ Chain (new)')
    expect(await post(first.summary, 'users/register', ACCOUNT)).to.equal(201)
    expect((await fetch(first.summary.web)).headers.get('content-type')).to.contain('text/html')
    expect((await fetch(first.summary.inbox)).status).to.equal(200)

    const second = run('start.ts', ['--no-seed'])
    expect(await second.code).to.equal(1)
    expect(second.err).to.equal(`error: A stack already runs on ${folder} (process ${first.child.pid}): stop it with Ctrl-C first.\n`)
    const reset = run('reset.ts', ['--yes'])
    expect(await reset.code).to.equal(1)
    expect(reset.err).to.contain('A stack already runs')

    first.child.kill('SIGKILL')
    await first.code
    const third = await start()
    expect(third.err).to.match(/Checks \(ended database, chain, .* of a run that was killed\)/)
    expect(third.err).to.contain('as before').and.contain('going on from block')
    expect(await post(third.summary, 'users/login', { email: ACCOUNT.email, password: ACCOUNT.password })).to.equal(200)

    // One press of Ctrl-C arrives twice: through the terminal and through npm.
    third.child.kill('SIGINT')
    third.child.kill('SIGINT')
    expect(await third.code).to.equal(0)
    expect(third.err).to.match(/Stopped\n$/)
    expect(orphansOf(folder)).to.deep.equal([])

    const forgotten = run('reset.ts', ['--yes'])
    expect(await forgotten.code).to.equal(0)
    expect(await readdir(tmpdir())).to.not.include(folder.split('/').at(-1))
  })

  it('says in one sentence that the disk is full and changes nothing', async (t) => {
    const full = join(tmpdir(), `terra-full-${process.pid}`)
    await mkdir(full)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', full], { stdio: 'ignore' })
    } catch {
      await rm(full, { recursive: true })
      return t.skip('only root may mount a small disk')
    }
    try {
      const { code, err } = await finished(run('start.ts', ['--no-seed'], { TERRA_FOLDER: full }))
      expect(code).to.equal(1)
      expect(err).to.match(/error: Only \d+ MB are free on the disk that holds .*, and 700 MB are needed: .*\n$/)
      expect((await readdir(full)).sort()).to.deep.equal(['chain', 'ipfs', 'logs'])
    } finally {
      execFileSync('umount', [full])
      await rm(full, { recursive: true })
    }
  })

  it('names every bad setting at once', async () => {
    const { code, err } = await finished(run('start.ts', [], { WEB_PORT: 'many', DB_PORT: '99999' }))
    expect(code).to.equal(1)
    expect(err).to.contain('WEB_PORT').and.contain('DB_PORT')
  })
})

async function finished(started: Run): Promise<{ code: number | null; err: string }> {
  return { code: await started.code, err: started.err }
}
