import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { findChromium } from './chromium.ts'

let folder: string

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'terra-chromium-'))
})
after(() => rm(folder, { recursive: true }))

async function program(name: string, script: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
  return path
}

describe('The browser for the tests', () => {
  it('is the one that CHROMIUM_PATH names', () => {
    expect(findChromium({ CHROMIUM_PATH: '/opt/my/chromium' })).to.equal('/opt/my/chromium')
  })

  it('is found on the PATH, past one that only says how to install one', async (t) => {
    if (process.platform === 'win32') return t.skip('shell scripts stand in for the browsers')
    await program('chromium', 'echo "run snap install chromium" >&2; exit 1')
    const working = await program('google-chrome', 'echo "Google Chrome 144.0.1"')
    expect(findChromium({ PATH: folder })).to.equal(working)
  })
})
