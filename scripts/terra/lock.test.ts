import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { expect } from 'chai'
import { takeLock } from './lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'terra-lock-'))
after(() => rmSync(folder, { recursive: true, force: true }))
let paths = 0
const newPath = () => join(folder, `lock-${++paths}`)

test('a second command is refused while the first holds the lock, and served after its release', () => {
  const path = newPath()
  const release = takeLock(path, 'terra distribute')
  expect(() => takeLock(path, 'terra exit'))
    .to.throw(/terra distribute is working/)
    .with.property('code', 'LOCKED')
  release()
  takeLock(path, 'terra exit')()
  expect(existsSync(path)).to.equal(false)
})

test('a lock left by a killed run is taken over', () => {
  const path = newPath()
  // No process can have this number: Linux ends at 2^22.
  writeFileSync(path, JSON.stringify({ pid: 99_999_999, command: 'terra exit' }))
  takeLock(path, 'terra mint')()
  expect(existsSync(path)).to.equal(false)
})

test('a half-written lock is taken over', () => {
  const path = newPath()
  writeFileSync(path, '{"pid"')
  takeLock(path, 'terra mint')()
})
