import { describe, it } from 'node:test'
import { expect } from 'chai'
import { parseForm, textAt, textsAt } from './form.ts'

describe('Form bodies', () => {
  it('nest by brackets, with numbered and unnumbered lists', () => {
    expect(parseForm('a=1&b[c]=2&d[0][e]=3&d[1][e]=4&f[]=5&f[]=6&g%5Bh%5D=x+y%26')).to.deep.equal({
      a: '1',
      b: { c: '2' },
      d: [{ e: '3' }, { e: '4' }],
      f: ['5', '6'],
      g: { h: 'x y&' },
    })
  })

  it('cannot reach the prototype', () => {
    parseForm('__proto__[polluted]=1&constructor[prototype][polluted]=1')
    expect(({} as { polluted?: string }).polluted).to.equal(undefined)
  })

  it('are refused when nested without end', () => {
    expect(() => parseForm(`a${'[b]'.repeat(100)}=1`)).to.throw('too deeply')
  })

  it('are read by path', () => {
    const form = parseForm('m[a]=1&m[b][c]=2&l[0]=x')
    expect(textAt(form, 'm', 'b', 'c')).to.equal('2')
    expect(textAt(form, 'm', 'b')).to.equal(undefined)
    expect(textAt(form, 'l', '0')).to.equal('x')
    expect(textsAt(form, 'm')).to.deep.equal({ a: '1' })
  })
})
