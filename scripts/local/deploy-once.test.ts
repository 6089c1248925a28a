import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { expect } from 'chai'
import { deployOnce } from './deploy-once.ts'
import { LocalError } from './local-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'terra-deploy-'))
after(() => rmSync(folder, { recursive: true, force: true }))

test('a stack that an older version made is refused with the way out, before anything is read or sent', async () => {
  const path = join(folder, 'deployment.json')
  writeFileSync(path, JSON.stringify({ chainId: 31_337, ownership: '0x' }))
  const refused = await deployOnce(path, undefined as never, undefined as never, '').catch((error: unknown) => error)
  expect(refused).to.be.instanceOf(LocalError)
  expect((refused as Error).message).to.include('npm run reset')
})
