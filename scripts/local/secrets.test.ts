import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { keepSecrets } from './secrets.ts'
import { testFolder } from './testing.ts'

const folder = testFolder()

describe('Secrets', () => {
  it('are made once and only their owner may read them', async () => {
    const first = keepSecrets(folder.path)
    expect(keepSecrets(folder.path)).to.deep.equal(first)
    expect(execFileSync('ls', ['-l', join(folder.path, 'secrets.json')], { encoding: 'utf8' })).to.match(/^-rw------- /)
  })

  it('of a stack from before there was an encryption key get one and keep the rest', async () => {
    const path = join(folder.path, 'secrets.json')
    const { encryptionKey, ...older } = keepSecrets(folder.path)
    await writeFile(path, JSON.stringify(older))
    const now = keepSecrets(folder.path)
    expect(now).to.include(older)
    expect(now.encryptionKey).to.have.length(44).and.not.equal(encryptionKey)
    expect(keepSecrets(folder.path)).to.deep.equal(now)
  })

  it('that are damaged are never replaced', async () => {
    await writeFile(join(folder.path, 'secrets.json'), '{"databasePassword": "x"')
    expect(() => keepSecrets(folder.path)).to.throw('is damaged: put a whole copy back, or run npm run reset')
  })
})
