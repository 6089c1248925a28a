import { test } from 'node:test'
import { expect } from 'chai'
import { nextStep } from './next-step.ts'

const mine = '0x1234567890abcdef1234567890abcdef12345678'
const ready = {
  verb: 'Claim 5.00 USDC',
  problem: null,
  phase: 'idle',
  address: mine,
  wantedAddress: mine,
  chainId: 31337,
  wantedChainId: 31337,
  wantedChainName: 'Local',
} as const

test('when everything is in place the button names the deed', () => {
  expect(nextStep(ready)).to.deep.equal({ label: 'Claim 5.00 USDC', act: 'run' })
})

test('a reason that no wallet can change comes first', () => {
  expect(nextStep({ ...ready, address: null, problem: 'Enter how many units' })).to.deep.equal({
    label: 'Enter how many units',
    act: 'none',
  })
})

test('connect, account and network come in that order', () => {
  expect(nextStep({ ...ready, address: null, chainId: null }).act).to.equal('connect')
  expect(nextStep({ ...ready, address: `0x${'9'.repeat(40)}`, chainId: 1 })).to.deep.equal({
    label: 'Choose 0x1234…5678 in your wallet',
    act: 'none',
  })
  expect(nextStep({ ...ready, chainId: 1 })).to.deep.equal({ label: 'Switch to Local', act: 'switch-chain' })
})

test('the spelling of an address does not matter', () => {
  expect(nextStep({ ...ready, address: mine.toUpperCase().replace('0X', '0x') }).act).to.equal('run')
})

test('while something is under way the button says what', () => {
  expect(nextStep({ ...ready, phase: 'in_wallet' }).label).to.equal('Confirm in your wallet…')
  expect(nextStep({ ...ready, phase: 'sent' }).act).to.equal('none')
})
