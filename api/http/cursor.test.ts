import { describe, it } from 'node:test'
import { expect } from 'chai'
import { makeCursor, readCursor } from './cursor.ts'
import { deriveKey } from './tokens.ts'

const key = deriveKey('secret', 'cursor')
const position = { key: '17', id: '4' }
const codeOf = (read: () => unknown) => {
  try {
    read()
    return 'accepted'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('cursors', () => {
  it('lead back to where they were made', () => {
    expect(readCursor(key, 'list', makeCursor(key, 'list', position))).to.deep.equal(position)
  })

  it('are refused for another list, under another key, changed, or made up', () => {
    const cursor = makeCursor(key, 'list', position)
    const [body, tag] = cursor.split('.') as [string, string]
    const other = Buffer.from('["18","4"]').toString('base64url')
    for (const [scope, secret, text] of [
      ['other', key, cursor],
      ['list', deriveKey('another', 'cursor'), cursor],
      ['list', key, `${other}.${tag}`],
      ['list', key, `${body}.AAAA`],
      ['list', key, body],
      ['list', key, ''],
      ['list', key, '.'],
      ['list', key, Buffer.from('["1","1\'; drop table"]').toString('base64url')],
    ] as const) {
      expect(codeOf(() => readCursor(secret, scope, text))).to.equal('BAD_CURSOR')
    }
  })
})
