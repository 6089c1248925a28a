import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { writeKeystore } from '../common/node/keystore.ts'
import { TEST_VENDOR_SECRETS } from '../common/node/testing-sandbox.ts'
import { ATTESTOR_KEY, MINTER_KEY, type MintWorld, PAYMENT_ATTESTOR_KEY } from './mint/testing.ts'

/** For tests: the real worker as a process, to be killed and started again. */
export interface WorkerProcess {
  /** Resolves when the worker has written a line with this message; rejects when it ends first. */
  said(message: string): Promise<void>
  /** A power cut. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export interface WorkerStarter {
  start(env?: Record<string, string>): WorkerProcess
  /** Ends every worker that still runs and removes the keys. */
  close(): Promise<void>
}

const PASSWORD = 'test'
/** Nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9'

/** Writes what a worker of this world needs once, then starts as many as wanted. */
export async function workerStarter(world: MintWorld, given: Record<string, string> = {}): Promise<WorkerStarter> {
  const folder = await mkdtemp(join(tmpdir(), 'terra-worker-'))
  const file = (name: string) => join(folder, name)
  await writeFile(file('deployment.json'), JSON.stringify(world.deployment))
  await writeKeystore(file('minter.json'), MINTER_KEY, PASSWORD, 1_024)
  await writeKeystore(file('attestor.json'), ATTESTOR_KEY, PASSWORD, 1_024)
  await writeKeystore(file('payment-attestor.json'), PAYMENT_ATTESTOR_KEY, PASSWORD, 1_024)
  const running = new Set<WorkerProcess>()
  return {
    start(env = {}) {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'worker.ts')], {
        env: {
          DATABASE_URL: world.db.urlOf('terra_worker'),
          RPC_URL: world.chain.url,
          DEPLOYMENT_FILE: file('deployment.json'),
          MINTER_KEYSTORE: file('minter.json'),
          ATTESTOR_KEYSTORE: file('attestor.json'),
          PAYMENT_ATTESTOR_KEYSTORE: file('payment-attestor.json'),
          KEYSTORE_PASSWORD: PASSWORD,
          ENCRYPTION_KEYS: Buffer.alloc(32, 7).toString('base64'),
          STRIPE_API_URL: NOWHERE,
          STRIPE_SECRET_KEY: TEST_VENDOR_SECRETS.STRIPE_SECRET_KEY,
          ONFIDO_API_URL: NOWHERE,
          ONFIDO_API_TOKEN: TEST_VENDOR_SECRETS.ONFIDO_API_TOKEN,
          SMTP_URL: 'smtp://127.0.0.1:9',
          MAIL_FROM: 'Terra Lumina <no-reply@terra-lumina.example>',
          ...given,
          ...env,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const worker = asProcess(child)
      running.add(worker)
      child.once('exit', () => running.delete(worker))
      return worker
    },
    async close() {
      await Promise.all([...running].map((worker) => worker.kill()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function asProcess(child: ChildProcess): WorkerProcess {
  const lines: string[] = []
  const waiting = new Set<() => void>()
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push(line)
    if (process.env.SHOW_WORKER) process.stderr.write(`${line}\n`)
    for (const look of waiting) look()
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    async said(message) {
      await new Promise<void>((resolve, reject) => {
        const look = () => {
          if (!lines.some((line) => line.includes(`"msg":"${message}`))) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
        void ended.then(() => reject(new Error(`The worker ended before it said "${message}"; its last line: ${lines.at(-1)}`)))
      })
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** A wire that can be cut: passes TCP on to `port` until told not to. */
export async function openWire(targetUrl: string): Promise<{ url: string; cut(): void; mend(): void; close(): Promise<void> }> {
  const target = new URL(targetUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) return near.destroy()
    const far = connect(Number(target.port), target.hostname)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
    return undefined
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isCut = false
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
