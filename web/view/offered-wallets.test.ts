import { test } from 'node:test'
import { expect } from 'chai'
import { offeredWallets } from './offered-wallets.ts'

const injected = { id: 'injected', name: 'Injected' }
const rabby = { id: 'io.rabby', name: 'Rabby' }
const social = { id: 'web3auth', name: 'E-mail' }

test('announced wallets are offered, and the bare one only when nothing else is there', () => {
  expect(offeredWallets([injected, rabby, rabby], true)).to.deep.equal([rabby])
  expect(offeredWallets([injected], true)).to.deep.equal([injected])
  expect(offeredWallets([injected], false)).to.deep.equal([])
})

test('a social login stands beside the bare wallet, not in its way', () => {
  expect(offeredWallets([injected, social], true)).to.deep.equal([social, injected])
})
