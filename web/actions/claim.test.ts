import { test } from 'node:test'
import { expect } from 'chai'
import { encodeFunctionData } from 'viem'
import { ownershipAbi, vaultAbi } from '../../common/abi.ts'
import { claimReturns } from './claim.ts'

const address = (digit: string) => `0x${digit.repeat(40)}` as const
const config = {
  chainId: 31337,
  chainName: 'Local',
  rpcUrl: 'http://x',
  explorerUrl: null,
  payoutTokenSymbol: 'USDC',
  payoutTokenDecimals: 6,
  siweDomain: 'localhost',
  wireCurrencies: [],
  contracts: { ownership: address('1'), vault: address('2'), registrar: address('3'), payoutToken: address('4') },
}
const call = {
  to: address('2'),
  data: encodeFunctionData({ abi: vaultAbi, functionName: 'claim', args: [[1, 4]] }),
  chainId: 31337,
  projectIds: [1, 4],
  amount: '12340000',
}

test('a claim says what it pays and calls the vault for exactly the projects shown', () => {
  expect(claimReturns.describe({ call, config })).to.match(/^Claim 12.34 USDC$/)
  expect(claimReturns.request({ call, config })).to.deep.include({ address: address('2'), functionName: 'claim', args: [[1, 4]] })
})

test('a proposal that would do anything else is not signed', () => {
  const approve = encodeFunctionData({ abi: ownershipAbi, functionName: 'setApprovalForAll', args: [address('9'), true] })
  expect(() => claimReturns.request({ call: { ...call, to: address('9') }, config })).to.throw('not the claim')
  expect(() => claimReturns.request({ call: { ...call, chainId: 1 }, config })).to.throw('not the claim')
  expect(() => claimReturns.request({ call: { ...call, projectIds: [1] }, config })).to.throw('not the claim')
  expect(() => claimReturns.request({ call: { ...call, data: approve }, config })).to.throw()
})
