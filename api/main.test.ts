import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { freePort, freshDatabase, startTestChain, type TestChain, type TestDatabase, until } from '../common/node/testing.ts'
import { TEST_VENDOR_SECRETS } from '../common/node/testing-sandbox.ts'
import { TEST_DEPLOYMENT } from './testing.ts'

describe('the api process', () => {
  let db: TestDatabase
  let chain: TestChain
  let folder: string
  let env: Record<string, string>
  const children: ChildProcess[] = []
  before(async () => {
    db = await freshDatabase()
    chain = await startTestChain()
    folder = await mkdtemp(join(tmpdir(), 'terra-api-'))
    await writeFile(join(folder, 'deployment.json'), JSON.stringify(TEST_DEPLOYMENT))
    await writeFile(join(folder, 'elsewhere.json'), JSON.stringify({ ...TEST_DEPLOYMENT, chainId: 137 }))
    env = {
      PATH: process.env.PATH ?? '',
      PORT: String(await freePort()),
      DATABASE_URL: db.urlOf('terra_api'),
      RPC_URL: chain.url,
      PUBLIC_RPC_URL: chain.url,
      DEPLOYMENT_FILE: join(folder, 'deployment.json'),
      JWT_SECRET: 'a secret for this test, long enough to be one',
      ENCRYPTION_KEYS: Buffer.alloc(32).toString('base64'),
      STRIPE_API_URL: 'http://127.0.0.1:9',
      ONFIDO_API_URL: 'http://127.0.0.1:9',
      IPFS_FOLDER: join(folder, 'ipfs'),
      ...TEST_VENDOR_SECRETS,
    }
  })
  after(async () => {
    for (const child of children) child.kill('SIGKILL')
    await chain.stop()
    await db.drop()
    await rm(folder, { recursive: true })
  })

  function start(change: Record<string, string> = {}) {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], { env: { ...env, ...change } })
    children.push(child)
    const output: string[] = []
    child.stdout.on('data', (data) => output.push(String(data)))
    child.stderr.on('data', (data) => output.push(String(data)))
    return { child, text: () => output.join('') }
  }
  const url = (path: string) => `http://127.0.0.1:${env.PORT}${path}`
  const answers = (path: string) => until(async () => (await fetch(url(path)).catch(() => undefined))?.ok, 20_000)

  it('serves, says so in one line, and ends by itself when told to', async () => {
    const { child, text } = start()
    await answers('/ready')
    expect(text()).to.include('api listening')
    expect(((await (await fetch(url('/ready'))).json()) as { data: object }).data).to.include({ status: 'ready', headBlock: 0 })
    expect((await fetch(url('/docs/'))).headers.get('content-security-policy')).to.include("'self'")
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    expect((await exited)[0]).to.equal(0)
  })

  it('serves what the mirror knows while no node answers', async () => {
    const { child } = start({ RPC_URL: 'http://127.0.0.1:9' })
    await answers('/ready')
    expect((await fetch(url('/api/v1/projects'))).status).to.equal(200)
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    await exited
  })

  for (const [what, change, words] of [
    ['another chain than the deployment’s', 'elsewhere', 'WRONG_CHAIN: expected 137, the node at RPC_URL answers 31337'],
    ['no deployment file', 'missing', 'No deployment file at'],
  ] as const) {
    it(`does not start on ${what}, and says why`, async () => {
      const { child, text } = start({ DEPLOYMENT_FILE: join(folder, `${change}.json`) })
      expect((await once(child, 'exit'))[0]).to.equal(1)
      expect(text()).to.include(words)
    })
  }

  it('does not start without its settings, names each, and shows no value', async () => {
    const { child, text } = start({ JWT_SECRET: 'hunter2', DATABASE_URL: '' })
    expect((await once(child, 'exit'))[0]).to.equal(1)
    expect(text()).to.include('JWT_SECRET').and.to.include('DATABASE_URL')
    expect(text()).not.to.include('hunter2')
  })
})
