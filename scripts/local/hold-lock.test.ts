import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { holdLock } from './hold-lock.ts'
import { testFolder } from './testing.ts'

const folder = testFolder()

describe('A lock', () => {
  it('is held by one at a time', async () => {
    const path = join(folder.path, 'lock')
    const release = await holdLock(path)
    let isSecond = false
    const second = holdLock(path).then((next) => {
      isSecond = true
      return next
    })
    await sleep(500)
    expect(isSecond).to.equal(false)
    await release()
    await (await second)()
    expect(existsSync(path)).to.equal(false)
  })

  it('left by a process that was killed is taken over', async () => {
    const path = join(folder.path, 'lock')
    await writeFile(path, JSON.stringify({ pid: process.pid, identity: 'an earlier process' }))
    await (await holdLock(path))()
  })
})
