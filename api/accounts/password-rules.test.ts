import { describe, it } from 'node:test'
import { expect } from 'chai'
import { assertStrongPassword } from './password-rules.ts'

const reasonFor = (password: string, email = 'maria.gonzalez@example.com') => {
  try {
    assertStrongPassword(password, email)
    return 'accepted'
  } catch (error) {
    return (error as { details: { reason: string } }).details.reason
  }
}

describe('assertStrongPassword', () => {
  it('counts characters, not bytes', () => {
    expect(reasonFor('elevenchars')).to.equal('short')
    expect(reasonFor('🌞🌬🌊🔥🪨🌱🔋💡🏭🛰🌍')).to.equal('short')
    expect(reasonFor('🌞🌬🌊🔥🪨🌱🔋💡🏭🛰🌍🗺')).to.equal('accepted')
  })

  it('accepts up to 256 characters with spaces', () => {
    expect(reasonFor('a long sentence that nobody guesses '.repeat(7).slice(0, 256))).to.equal('accepted')
    expect(reasonFor('a long sentence that nobody guesses '.repeat(8).slice(0, 257))).to.equal('long')
  })

  for (const password of [
    'password1234',
    'Password123!',
    'P@ssw0rd2026!',
    'passwordpassword',
    'qwertyuiop123',
    '123456789012',
    '098765432109',
    '111111111111',
    'aaaaaaaaaaaa',
    'letmein12345!',
    'iloveyou2026!',
    'Welcome12345',
    'TerraLumina1!',
    'abcabcabcabc',
  ]) {
    it(`refuses ${password} as one that everybody tries`, () => void expect(reasonFor(password)).to.equal('common'))
  }

  for (const password of ['gonzalez2026!', 'MariaGonzalez1', 'maria.gonzalez', 'maria.gonzalez@example.com']) {
    it(`refuses ${password} as made from the e-mail`, () => void expect(reasonFor(password)).to.equal('email'))
  }

  for (const password of [
    'correct horse battery staple',
    'tr0ub4dor&3xyzzy',
    'windmühlen-am-deich',
    'my maria has 17 blue kites',
    'xkcd-936-passphrase',
  ]) {
    it(`accepts ${password}`, () => void expect(reasonFor(password)).to.equal('accepted'))
  }
})
