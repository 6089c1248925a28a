import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const TEST_VENDOR_SECRETS = {
  STRIPE_SECRET_KEY: 'sk_test_sandbox',
  STRIPE_WEBHOOK_SECRET: 'whsec_sandbox',
  ONFIDO_API_TOKEN: 'api_sandbox.token',
  ONFIDO_WEBHOOK_TOKEN: 'webhook_sandbox_token',
  SUMSUB_APP_TOKEN: 'sbx:sandbox.token',
  SUMSUB_SECRET_KEY: 'sumsub_sandbox_key',
  SUMSUB_WEBHOOK_SECRET: 'sumsub_webhook_secret',
} as const

export interface TestSandbox {
  /** Base address: STRIPE_API_URL; Onfido answers under `/v3.6`. */
  url: string
  smtpUrl: string
  /** Reads or sets how the vendors misbehave; see sandbox/README.md. Throws on an answer other than 2xx. */
  control(
    path: 'webhooks' | 'webhooks/resend' | 'faults' | 'stripe/disputes' | 'stripe/settle-debits' | 'stripe/failed-refunds',
    body?: object,
  ): Promise<unknown>
  /** Ends the process; `SIGKILL` is a power cut. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** The vendor sandbox as a process of its own on free ports, with TEST_VENDOR_SECRETS unless `env` says otherwise. */
export async function startTestSandbox(env: Record<string, string> = {}): Promise<TestSandbox> {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, '..', '..', 'sandbox', 'main.ts')], {
    env: {
      PATH: process.env.PATH,
      TERRA_TEST_RUN: process.env.TERRA_TEST_RUN,
      SANDBOX_PORT: '0',
      SANDBOX_SMTP_PORT: '0',
      // Banks answer when a test says so.
      SANDBOX_DEBIT_SECONDS: '86400',
      ...TEST_VENDOR_SECRETS,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const { url, smtpPort } = await new Promise<{ url: string; smtpPort: number }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The sandbox ended with code ${code} before it listened`)))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const entry = JSON.parse(line)
      if (entry.msg === 'sandbox listening') resolve(entry)
      if (entry.level >= 50) reject(new Error(`The sandbox said: ${line}`))
    })
  })
  return {
    url,
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    async control(path, body) {
      const response = await fetch(`${url}/_sandbox/${path}`, {
        ...(body && { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
      return response.json()
    },
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      await ended
    },
  }
}
