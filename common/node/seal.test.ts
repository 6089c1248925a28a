import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { readSealKeys, seal, unseal } from './seal.ts'

describe('a sealed secret', () => {
  const [newer, older] = [randomBytes(32), randomBytes(32)]
  const secret = Buffer.from('the shared secret')

  it('opens under the key it was sealed with, also when a newer one came before it', () => {
    expect(unseal([newer], seal([newer, older], secret, 'a'), 'a')).to.deep.equal(secret)
    expect(unseal([newer, older], seal([older], secret, 'a'), 'a')).to.deep.equal(secret)
  })

  it('is another text each time and shows nothing of the secret', () => {
    const [one, two] = [seal([newer], secret, 'a'), seal([newer], secret, 'a')]
    expect(one.equals(two)).to.equal(false)
    expect(one.includes(secret)).to.equal(false)
  })

  it('does not open elsewhere, under another key, or with any one bit changed', () => {
    const sealed = seal([newer], secret, 'a')
    expect(() => unseal([newer], sealed, 'b')).to.throw()
    expect(() => unseal([older], sealed, 'a')).to.throw('No key opens')
    for (let at = 0; at < sealed.length; at++) {
      const bent = Buffer.from(sealed)
      bent[at]! ^= 1
      expect(() => unseal([newer], bent, 'a'), `byte ${at}`).to.throw()
    }
  })

  it('asks for keys of 32 bytes and never repeats one', () => {
    expect(readSealKeys(`${newer.toString('base64')}, ${older.toString('base64')}`)).to.deep.equal([newer, older])
    expect(() => readSealKeys('aHVudGVyMg=='))
      .to.throw('32 bytes')
      .with.property('message')
      .that.does.not.include('aHVudGVyMg')
  })
})
