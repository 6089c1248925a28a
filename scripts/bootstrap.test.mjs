import { spawn, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { expect } from 'chai'
import { needsInstall } from './bootstrap.mjs'

let folder

// A project of its own with one local dependency: npm installs it without any network.
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'terra-bootstrap-'))
  mkdirSync(join(folder, 'scripts'))
  mkdirSync(join(folder, 'left'))
  cpSync(join(import.meta.dirname, 'bootstrap.mjs'), join(folder, 'scripts', 'bootstrap.mjs'))
  write('left/package.json', { name: 'left', version: '1.0.0' })
  write('package.json', { name: 'x', version: '1.0.0', type: 'module', dependencies: { left: 'file:left' } })
  writeFileSync(
    join(folder, 'scripts', 'show.mjs'),
    'console.log(JSON.stringify([process.argv.slice(2), process.cwd(), process.versions.node]))',
  )
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(path, value) {
  writeFileSync(join(folder, path), typeof value === 'string' ? value : JSON.stringify(value))
}

function bootstrap(args, options = {}) {
  const { node = process.execPath, ...rest } = options
  const result = spawnSync(node, [join(folder, 'scripts', 'bootstrap.mjs'), ...args], { cwd: folder, encoding: 'utf8', ...rest })
  return { code: result.status, out: result.stdout, err: result.stderr }
}

function install() {
  expect(bootstrap(['scripts/show.mjs']).code).to.equal(0)
}

describe('The bootstrap', () => {
  it('says how to use it when no script is named', () => {
    expect(bootstrap([])).to.include({ code: 2, err: 'usage: node scripts/bootstrap.mjs <script> [argument…]\n' })
  })

  it('installs, runs the script with its arguments untouched, and installs only once', () => {
    const args = ['a b', '"quoted"', "it's", '$HOME', '`x`', '--json', '', '*', '\\']
    const first = bootstrap(['scripts/show.mjs', ...args])
    expect(first.err).to.match(/^Installing packages\nInstalled packages in \d+ s\n$/)
    expect(JSON.parse(first.out)[0]).to.deep.equal(args)
    const second = bootstrap(['scripts/show.mjs', ...args])
    expect(second.err).to.equal('')
    expect(JSON.parse(second.out)[0]).to.deep.equal(args)
  })

  it('hands on the exit code of the script', () => {
    write('scripts/fail.mjs', 'process.exit(7)')
    expect(bootstrap(['scripts/fail.mjs']).code).to.equal(7)
  })

  it('passes signals on and waits for an orderly end', async () => {
    install()
    write(
      'scripts/wait.mjs',
      "process.on('SIGTERM', () => { console.log('bye'); process.exit(3) }); console.log('up'); setInterval(() => {}, 1000)",
    )
    const child = spawn(process.execPath, ['scripts/bootstrap.mjs', 'scripts/wait.mjs'], { cwd: folder })
    let out = ''
    child.stdout.on('data', (chunk) => {
      out += chunk
      if (out === 'up\n') child.kill('SIGTERM')
    })
    const code = await new Promise((resolve) => child.once('exit', resolve))
    expect([code, out]).to.deep.equal([3, 'up\nbye\n'])
  })

  it('repairs an installation that was cut off', () => {
    install()
    rmSync(join(folder, 'node_modules', '.package-lock.json'))
    rmSync(join(folder, 'node_modules', 'left'))
    expect(needsInstall(folder)).to.equal(true)
    install()
    expect(existsSync(join(folder, 'node_modules', 'left', 'package.json'))).to.equal(true)
    expect(needsInstall(folder)).to.equal(false)
  })

  it('installs again when the lock file asks for something else', () => {
    install()
    const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))
    expect(needsInstall(folder)).to.equal(false)
    lock.packages['node_modules/other'] = { version: '2.0.0' }
    write('package-lock.json', lock)
    expect(needsInstall(folder)).to.equal(true)
  })

  it('misses an optional package only where it is meant for this machine', () => {
    install()
    const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))
    lock.packages['node_modules/engine-elsewhere'] = { version: '1.0.0', optional: true, os: ['plan9'] }
    write('package-lock.json', lock)
    expect(needsInstall(folder)).to.equal(false)
    lock.packages['node_modules/engine-here'] = { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] }
    write('package-lock.json', lock)
    expect(needsInstall(folder)).to.equal(true)
  })

  it('says why when packages cannot be installed, and runs nothing', () => {
    write('package.json', { name: 'x', version: '1.0.0', type: 'module', dependencies: { gone: 'file:gone.tgz' } })
    const { code, out, err } = bootstrap(['scripts/show.mjs'])
    expect(code).to.not.equal(0)
    expect(err).to.contain('Packages could not be installed:').and.contain('gone.tgz')
    expect(out).to.equal('')
  })

  it('goes on under Node 24 when it was started by an older one', (t) => {
    const node = olderNode()
    if (node === undefined) return t.skip('no Node older than 24 on this machine')
    install()
    // As npx leaves it behind after the first time.
    write('node_modules/.terra-node', process.execPath)
    const [args, cwd, version] = JSON.parse(bootstrap(['scripts/show.mjs', "it's $HOME"], { node }).out)
    expect([args, cwd, version]).to.deep.equal([["it's $HOME"], folder, process.versions.node])
  })
})

function olderNode() {
  return ['/usr/local/bin/node', '/usr/bin/node'].find((path) => {
    const version = existsSync(path) ? spawnSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout : ''
    return Number.parseInt(version, 10) < 24
  })
}
