import { test } from 'node:test'
import { expect } from 'chai'
import { isReady, isWaiting, onboarding } from './onboarding.ts'

const fresh = { wallet: null, kyc: 'none', registeredOnChain: false } as const
const states = (user: Parameters<typeof onboarding>[0]) => onboarding(user).map((step) => step.state)

test('a new account can start with the wallet or with the identity check', () => {
  expect(states(fresh)).to.deep.equal(['done', 'now', 'now', 'todo'])
})

test('registration on chain follows by itself once wallet and identity are there', () => {
  const user = { ...fresh, wallet: `0x${'1'.repeat(40)}`, kyc: 'approved' } as const
  expect(states(user)).to.deep.equal(['done', 'done', 'done', 'waiting'])
  expect(isReady(user)).to.equal(false)
  expect(isWaiting(user)).to.equal(true)
  expect(isReady({ ...user, registeredOnChain: true })).to.equal(true)
})

test('a refused identity check is shown as failed, not as pending', () => {
  expect(states({ ...fresh, kyc: 'rejected' })[2]).to.equal('failed')
  expect(isWaiting({ ...fresh, kyc: 'rejected' })).to.equal(false)
})
