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

  it('that are damaged are never replaced', async () => {
    await writeFile(join(folder.path, 'secrets.json'), '{"databasePassword": "x"')
    expect(() => keepSecrets(folder.path)).to.throw('is damaged: put a whole copy back, or run npm run reset')
  })
})
