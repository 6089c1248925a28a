import { test } from 'node:test'
import { expect } from 'chai'
import type { Factors } from '../../common/wire-factors.ts'
import { confirmationOf, methodsOf } from './factor-methods.ts'

const NONE: Factors = { totpSince: null, passkeys: [], recoveryCodesLeft: 0, isRequired: false, hasPassword: true, hasWallet: false }
const PASSKEY = { id: 'a', name: 'Phone', createdAt: '2026-01-01T00:00:00Z', lastUsedAt: null, isSynced: true }

test('passkeys come before codes, and recovery codes last', () => {
  const all = { ...NONE, totpSince: '2026-01-01T00:00:00Z', passkeys: [PASSKEY], recoveryCodesLeft: 3 }
  expect(methodsOf(all)).to.deep.equal(['passkey', 'totp', 'recovery_code'])
  expect(methodsOf({ ...all, recoveryCodesLeft: 0 })).to.deep.equal(['passkey', 'totp'])
})

test('recovery codes alone are no second factor', () => {
  expect(methodsOf({ ...NONE, recoveryCodesLeft: 3 })).to.deep.equal([])
})

test('who has a second factor confirms by it, others by password, and by wallet where there is none', () => {
  expect(confirmationOf({ ...NONE, passkeys: [PASSKEY] })).to.equal('factor')
  expect(confirmationOf(NONE)).to.equal('password')
  expect(confirmationOf({ ...NONE, hasPassword: false, hasWallet: true })).to.equal('wallet')
})
