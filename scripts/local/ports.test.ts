import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { checkPorts, randomPorts, readPorts } from './ports.ts'
import { sentenceOf } from './testing.ts'

describe('Ports', () => {
  it('that are taken are named with the variable that changes them', async () => {
    const ports = await randomPorts()
    const server = createServer().listen(ports.sandbox, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const message = await sentenceOf(checkPorts(ports))
    expect(message).to.equal(
      `Port ${ports.sandbox}, meant for the vendor sandbox, is taken by another program: end that program or choose another port, e.g. SANDBOX_PORT=${ports.sandbox + 1} npm start.`,
    )
    await new Promise((resolve) => server.close(resolve))
    await checkPorts(ports)
  })

  it('may not be given twice', async () => {
    const ports = await randomPorts()
    expect(await sentenceOf(checkPorts({ ...ports, smtp: ports.web }))).to.contain('WEB_PORT and SMTP_PORT are both')
  })

  it('are read from the environment', () => {
    expect(readPorts({ RPC_PORT: '9545' })).to.deep.equal({ web: 3000, rpc: 9545, db: 54_329, sandbox: 3100, smtp: 3125 })
    expect(() => readPorts({ RPC_PORT: 'x' })).to.throw('RPC_PORT')
  })
})
