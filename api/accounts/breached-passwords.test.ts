import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { pino } from 'pino'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { startTestApi } from '../testing.ts'
import { openBreachCheck } from './breached-passwords.ts'

const BREACHED = 'manchesterunited'
const SAFE = 'seven lanterns over quiet water'
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex').toUpperCase()

function logTo(lines: string[]) {
  return pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
}

describe('the check against breached passwords', () => {
  let sandbox: TestSandbox
  let server: Server
  let url: string
  let folder: string
  const seen: IncomingMessage[] = []
  const logged: string[] = []
  const log = logTo(logged)
  let answer: (hash: string) => string = () => ''
  before(async () => {
    sandbox = await startTestSandbox()
    folder = await mkdtemp(join(tmpdir(), 'terra-breach-'))
    server = createServer((request, response) => {
      seen.push(request)
      response.end(answer(request.url ?? ''))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(async () => {
    await sandbox.stop()
    server.close()
    await rm(folder, { recursive: true })
  })

  it('knows a breached password by the range API, and lets others pass', async () => {
    const isBreached = openBreachCheck({ url: sandbox.url, file: undefined, log })
    expect(await isBreached(BREACHED)).to.equal(true)
    expect(await isBreached(SAFE)).to.equal(false)
  })

  it('sends five digits of the hash and nothing else that depends on the password, and asks for padding', async () => {
    seen.length = 0
    await openBreachCheck({ url: `${url}/mirror/`, file: undefined, log })(SAFE)
    expect(seen).to.have.length(1)
    const [request] = seen as [IncomingMessage]
    expect([request.method, request.url]).to.deep.equal(['GET', `/mirror/range/${sha1(SAFE).slice(0, 5)}`])
    expect(request.headers).to.include({ 'add-padding': 'true' })
    expect(JSON.stringify(request.rawHeaders)).to.not.include(sha1(SAFE).slice(5, 12))
  })

  it('passes over lines of padding, which count nothing', async () => {
    const suffix = sha1(SAFE).slice(5)
    const isBreached = openBreachCheck({ url, file: undefined, log })
    answer = () => `${'A'.repeat(35)}:3\r\n${suffix}:0`
    expect(await isBreached(SAFE)).to.equal(false)
    answer = () => `${'A'.repeat(35)}:3\r\n${suffix.toLowerCase()}:12`
    expect(await isBreached(SAFE)).to.equal(true)
  })

  it('lets passwords pass while the service is away or broken, and says so without the password or its hash', async () => {
    logged.length = 0
    expect(await openBreachCheck({ url: 'http://127.0.0.1:9', file: undefined, log })(BREACHED)).to.equal(false)
    await sandbox.control('faults', { path: '/range', status: 503 })
    expect(await openBreachCheck({ url: sandbox.url, file: undefined, log })(BREACHED)).to.equal(false)
    await sandbox.control('faults', { path: '/range', timeoutMs: 5_000 })
    expect(await openBreachCheck({ url: sandbox.url, file: undefined, log })(BREACHED)).to.equal(false)
    expect(logged).to.have.length(3)
    for (const line of logged)
      expect(line).to.include('passed unchecked').and.to.not.include(BREACHED).and.to.not.include(sha1(BREACHED).slice(5, 15))
  })

  it('finds every hash of an ordered file, first and last included, and no other; a file wins over the API', async () => {
    const path = join(folder, 'list.txt')
    const hashes = Array.from({ length: 1_000 }, (_, index) => sha1(`listed ${index}`)).sort()
    for (const end of ['\n', '\r\n', '']) {
      await writeFile(path, hashes.map((hash, index) => (index % 2 ? `${hash}:${index}` : hash)).join(end || '\n') + end)
      const isBreached = openBreachCheck({ url: 'http://127.0.0.1:9', file: path, log })
      for (let index = 0; index < 1_000; index++) expect(await isBreached(`listed ${index}`), `${index}`).to.equal(true)
      for (let index = 0; index < 200; index++) expect(await isBreached(`unlisted ${index}`)).to.equal(false)
    }
    logged.length = 0
    expect(await openBreachCheck({ url: undefined, file: join(folder, 'missing.txt'), log })(BREACHED)).to.equal(false)
    expect(logged).to.have.length(1)
  })

  it('is off without an address and a file', async () => {
    expect(await openBreachCheck({ url: undefined, file: undefined, log })(BREACHED)).to.equal(false)
  })

  it('refuses the registration with such a password', async () => {
    const api = await startTestApi({ isBreached: openBreachCheck({ url: sandbox.url, file: undefined, log }) })
    const register = (password: string) => api.call('POST', 'users/register', { email: 'breach@example.com', password, country: 'DE' })
    const refused = await register(BREACHED)
    expect(refused.statusCode).to.equal(422)
    expect(refused.json().error).to.deep.include({ code: 'PASSWORD_WEAK', details: { reason: 'breached' } })
    expect((await register(SAFE)).statusCode).to.equal(201)
    await api.close()
  })
})
