import { describe, it } from 'node:test'
import { expect } from 'chai'
import { checkDisk } from './disk.ts'
import { sentenceOf, testFolder } from './testing.ts'

const folder = testFolder()

describe('The disk', () => {
  it('is checked before anything is changed', async () => {
    await checkDisk(folder.path, 1)
    expect(await sentenceOf(checkDisk(folder.path, 1e18))).to.match(
      /^Only \d+ MB are free on the disk that holds .* nothing was changed\.$/,
    )
  })
})
