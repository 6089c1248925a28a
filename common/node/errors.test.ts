import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { AppError, STATUS } from '../errors.ts'

describe('the error table', () => {
  it('is documented code by code, in the same order, with cause and what to do', async () => {
    const text = await readFile(join(import.meta.dirname, '..', '..', 'docs', 'errors.md'), 'utf8')
    const rows = [...text.matchAll(/^\| `([A-Z_]+)` \| (\d+) \| (.+?) \| (.+?) \|$/gm)]
    expect(rows.map(([, code, status]) => [code, Number(status)])).to.deep.equal(Object.entries(STATUS))
  })

  it('gives each error its status', () => {
    const error = new AppError('SOLD_OUT', 'Only 3 units are left', { details: { left: 3 } })
    expect(error).to.include({ code: 'SOLD_OUT', statusCode: 409, message: 'Only 3 units are left' })
    expect(error.details).to.deep.equal({ left: 3 })
  })
})
