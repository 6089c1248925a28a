import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { expect } from 'chai'
import { privateKeyToAccount } from 'viem/accounts'
import { readKeystore, writeKeystore } from './keystore.ts'
import { TEST_KEYS } from './testing.ts'

const folder = await mkdtemp(join(tmpdir(), 'terra-keystore-'))
after(() => rm(folder, { recursive: true }))

test('a key written with a password comes back with it, in a file only its owner can read', async () => {
  const path = join(folder, 'minter.json')
  await writeKeystore(path, TEST_KEYS[0], 'correct horse', 1_024)
  const account = await readKeystore(path, 'correct horse')
  expect(account.address).to.equal(privateKeyToAccount(TEST_KEYS[0]).address)
  expect((await stat(path)).mode & 0o777).to.equal(0o600)
})

test('a wrong password, a missing file and a file that is no keystore are each refused without naming the password', async () => {
  const path = join(folder, 'other.json')
  await writeKeystore(path, TEST_KEYS[1], 'right', 1_024)
  for (const [file, word] of [
    [path, 'wrong-password'],
    [join(folder, 'none.json'), 'x'],
    [import.meta.filename, 'y'],
  ] as const) {
    const problem = await readKeystore(file, word).then(
      () => undefined,
      (error: Error) => error,
    )
    expect(problem?.message).to.match(/cannot be opened|No keystore/)
    expect(problem?.message).not.to.contain('wrong-password')
  }
})

test('an existing keystore is never overwritten', async () => {
  const path = join(folder, 'kept.json')
  await writeKeystore(path, TEST_KEYS[2], 'one', 1_024)
  const problem = await writeKeystore(path, TEST_KEYS[3], 'two', 1_024).then(
    () => undefined,
    (error: Error) => error,
  )
  expect(problem).to.be.instanceOf(Error)
  expect((await readKeystore(path, 'one')).address).to.equal(privateKeyToAccount(TEST_KEYS[2]).address)
})
