import { createServer } from 'node:net'
import { Type } from 'typebox'
import { Port, readEnv } from '../../common/node/env.ts'
import { freePort } from '../../common/node/testing.ts'
import { LocalError } from './local-error.ts'

/** Where the parts of a local stack listen. */
export interface Ports {
  web: number
  rpc: number
  db: number
  sandbox: number
  smtp: number
}

/** What the local stack reads from the environment besides TERRA_FOLDER. */
export const PortsEnv = Type.Object({
  WEB_PORT: Port(3000),
  RPC_PORT: Port(8545),
  DB_PORT: Port(54329),
  SANDBOX_PORT: Port(3100),
  SMTP_PORT: Port(3125),
})

const NAMES: { [port in keyof Ports]: { variable: keyof typeof PortsEnv.properties; what: string } } = {
  web: { variable: 'WEB_PORT', what: 'the web app' },
  rpc: { variable: 'RPC_PORT', what: 'the chain' },
  db: { variable: 'DB_PORT', what: 'the database' },
  sandbox: { variable: 'SANDBOX_PORT', what: 'the vendor sandbox' },
  smtp: { variable: 'SMTP_PORT', what: "the sandbox's mail server" },
}

export function readPorts(source: NodeJS.ProcessEnv = process.env): Ports {
  const env = readEnv(PortsEnv, source)
  return { web: env.WEB_PORT, rpc: env.RPC_PORT, db: env.DB_PORT, sandbox: env.SANDBOX_PORT, smtp: env.SMTP_PORT }
}

/** Ports nobody listens on right now, for a stack beside another. */
export async function randomPorts(): Promise<Ports> {
  const [web, rpc, db, sandbox, smtp] = [await freePort(), await freePort(), await freePort(), await freePort(), await freePort()]
  return { web, rpc, db, sandbox, smtp }
}

/** @throws LocalError naming the first port that is taken and the variable to change */
export async function checkPorts(ports: Ports): Promise<void> {
  const seen = new Map<number, string>()
  for (const [name, { variable, what }] of Object.entries(NAMES) as [keyof Ports, (typeof NAMES)[keyof Ports]][]) {
    const port = ports[name]
    const twin = seen.get(port)
    if (twin !== undefined) throw new LocalError(`${twin} and ${variable} are both ${port}: give each its own port.`)
    seen.set(port, variable)
    if (await isTaken(port)) {
      throw new LocalError(
        `Port ${port}, meant for ${what}, is taken by another program: end that program or choose another port, e.g. ${variable}=${port + 1} npm start.`,
      )
    }
  }
}

async function isTaken(port: number): Promise<boolean> {
  // Both loopback addresses: a program on one of them is enough to answer for "localhost".
  for (const host of ['127.0.0.1', '::1']) {
    const code = await new Promise<string | undefined>((resolve) => {
      const server = createServer()
      server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(undefined)))
    })
    if (code === 'EADDRINUSE' || code === 'EACCES') return true
  }
  return false
}
