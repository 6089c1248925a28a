import { describe, it } from 'node:test'
import { expect } from 'chai'
import { flawOf, isAt, isHex, isSame, literalOf, numberOf, viewOf } from './hex-words.ts'

const four = (bytes: readonly number[]) => viewOf(Uint8Array.from(bytes)).getInt32(0, true)

describe('hex digits, four at a time', () => {
  it('are good when each of them is, whatever stands beside it', () => {
    const good = new Set(Buffer.from('0123456789abcdef'))
    const wrong: number[][] = []
    for (let code = 0; code < 256; code++)
      for (const beside of [0, 47, 48, 57, 96, 97, 102, 128, 255])
        for (let place = 0; place < 4; place++) {
          const bytes = [beside, beside, beside, beside].with(place, code)
          if ((flawOf(four(bytes)) === 0) !== bytes.every((byte) => good.has(byte))) wrong.push(bytes)
        }
    expect(wrong).to.deep.equal([])
  })

  it('are the number that they write', () => {
    const wrong: number[] = []
    for (let number = 0; number < 65_536; number++)
      if (numberOf(four([...Buffer.from(number.toString(16).padStart(4, '0'))])) !== number) wrong.push(number)
    expect(wrong).to.deep.equal([])
  })

  it('are seen at every place, and literals of any length only where they are whole', () => {
    const view = viewOf(Buffer.from(`xy0123456789abcdef${'0123456789abcdef'.toUpperCase()}0123456789abcdef`))
    expect([isHex(view, 2, 16), isHex(view, 1, 16), isHex(view, 14, 16)]).to.deep.equal([true, false, false])
    expect([isSame(view, 2, 34, 16), isSame(view, 2, 18, 16)]).to.deep.equal([true, false])
    for (const length of [4, 5, 6, 7, 8, 15]) {
      const text = '0123456789abcde'.slice(0, length)
      expect([isAt(view, 2, literalOf(text)), isAt(view, 3, literalOf(text))], text).to.deep.equal([true, false])
      expect(isAt(view, 34, literalOf(`${text}!`)), text).to.equal(false)
    }
    expect([isAt(view, 46, literalOf('cdef')), isAt(view, 46, literalOf('cdef"')), isAt(view, 60, literalOf('cdef'))]).to.deep.equal([
      true,
      false,
      false,
    ])
  })
})
