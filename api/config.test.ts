import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { readEnv } from '../common/node/env.ts'
import { ApiEnv, settingsOf, WorkerEnv } from './config.ts'

const ENV = {
  DATABASE_URL: 'postgres://localhost/x',
  RPC_URL: 'http://localhost:8545',
  PUBLIC_RPC_URL: 'http://localhost:8545',
  DEPLOYMENT_FILE: 'deployment.json',
  JWT_SECRET: 'x'.repeat(32),
  ENCRYPTION_KEYS: Buffer.alloc(32).toString('base64'),
  STRIPE_API_URL: 'http://localhost:3100',
  STRIPE_SECRET_KEY: 'sk',
  STRIPE_WEBHOOK_SECRET: 'whsec',
  ONFIDO_API_URL: 'http://localhost:3100',
  ONFIDO_API_TOKEN: 'token',
  ONFIDO_WEBHOOK_TOKEN: 'token',
  IPFS_FOLDER: 'ipfs',
}

describe('the api’s environment', () => {
  it('has defaults for what can have one', () => {
    expect(readEnv(ApiEnv, ENV)).to.include({ PORT: 3000, HOST: '127.0.0.1', RATE_LIMIT_PER_MINUTE: 1_000, WEB_FOLDER: 'web/dist' })
    expect(settingsOf(readEnv(ApiEnv, { ...ENV, TRUSTED_PROXIES: '10.0.0.1, 10.1.0.0/16' })).trustedProxies).to.deep.equal([
      '10.0.0.1',
      '10.1.0.0/16',
    ])
  })

  it('names everything that is wrong at once, and no value', () => {
    const bad = { ...ENV, JWT_SECRET: 'hunter2', PORT: '99999', PUBLIC_URL: 'https://x.example/path', RPC_URL: undefined }
    expect(() => readEnv(ApiEnv, bad))
      .to.throw()
      .with.property('message')
      .that.matches(/JWT_SECRET/)
      .and.matches(/PORT/)
      .and.matches(/PUBLIC_URL/)
      .and.matches(/RPC_URL/)
      .and.not.matches(/hunter2/)
  })

  it('is shown in .env.example together with the worker’s, name by name, with the same defaults', async () => {
    const text = await readFile(join(import.meta.dirname, '..', '.env.example'), 'utf8')
    const shown = new Map(
      [...text.matchAll(/^(# )?([A-Z_]+)=(.*)$/gm)].map(([, comment, name = '', value = '']) => [
        name,
        { isDefault: comment !== undefined, value },
      ]),
    )
    const read = { ...ApiEnv.properties, ...WorkerEnv.properties } as Record<string, { default?: unknown }>
    expect([...shown.keys()]).to.include.members(Object.keys(read))
    const optional = [...(ApiEnv.required ?? []), ...(WorkerEnv.required ?? [])]
    for (const [name, { isDefault, value }] of shown) {
      if (read[name] === undefined) continue
      const fallback = read[name]?.default
      const mayBeLeftOut = fallback !== undefined || !optional.includes(name as never)
      expect(isDefault, name).to.equal(mayBeLeftOut)
      if (isDefault) expect(value, name).to.equal(String(fallback ?? ''))
    }
  })
})
