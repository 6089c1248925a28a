import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { until } from '../../common/node/testing.ts'
import { endLeftBehind, processesOf, RUN_VARIABLE } from './left-behind.ts'

describe('What a test run leaves behind', () => {
  it('is ended, and nothing else', async (t) => {
    if (process.platform !== 'linux') return t.skip('only Linux shows another process’s environment')
    const run = randomUUID()
    const start = (mark: string) =>
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
        env: { ...process.env, [RUN_VARIABLE]: mark },
        detached: true,
        stdio: 'ignore',
      })
    const [own, other] = [start(run), start(randomUUID())]
    await until(async () => processesOf(run).length === 1)
    const ended = new Promise((resolve) => own.once('exit', (_code, signal) => resolve(signal)))
    expect(endLeftBehind(run)).to.equal(1)
    expect(await ended).to.equal('SIGKILL')
    expect(other.exitCode).to.equal(null)
    other.kill('SIGKILL')
  })
})
