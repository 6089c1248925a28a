import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { until } from '../../common/node/testing.ts'
import { processIdentity } from './identity.ts'
import { endOrphans } from './orphans.ts'
import { keeperOf, openRegistry, orphansOf } from './registry.ts'
import { testFolder } from './testing.ts'

const folder = testFolder()

describe('The registry', () => {
  it('keeps a second keeper away while the first lives', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const identity = await until(async () => processIdentity(other.pid!))
    await writeFile(
      join(folder.path, 'processes.json'),
      JSON.stringify({ keeper: { name: 'keeper', pid: other.pid, identity }, processes: [] }),
    )
    expect(keeperOf(folder.path)).to.equal(other.pid)
    expect(() => openRegistry(folder.path)).to.throw(
      `A stack already runs on ${folder.path} (process ${other.pid}): stop it with Ctrl-C first.`,
    )
    other.kill('SIGKILL')
    await until(async () => keeperOf(folder.path) === undefined)
    openRegistry(folder.path).release()
  })

  it('never takes a stranger who got the number of an earlier process for that process', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const entry = { name: 'chain', pid: stranger.pid, identity: 'an earlier process' }
    await writeFile(join(folder.path, 'processes.json'), JSON.stringify({ keeper: { ...entry, name: 'keeper' }, processes: [entry] }))
    expect(orphansOf(folder.path)).to.deep.equal([])
    const registry = openRegistry(folder.path)
    await endOrphans(registry.orphans, async () => {})
    expect(stranger.exitCode).to.equal(null)
    stranger.kill('SIGKILL')
  })

  it('begins anew when its file was cut off', async () => {
    await writeFile(join(folder.path, 'processes.json'), '{"keeper": {"pi')
    expect(openRegistry(folder.path).orphans).to.deep.equal([])
  })
})
