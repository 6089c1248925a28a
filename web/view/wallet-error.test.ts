import { test } from 'node:test'
import { expect } from 'chai'
import {
  ContractFunctionExecutionError,
  ContractFunctionRevertedError,
  encodeErrorResult,
  HttpRequestError,
  InsufficientFundsError,
  UserRejectedRequestError,
} from 'viem'
import { ownershipAbi, vaultAbi } from '../../common/abi.ts'
import { explainWallet } from './wallet-error.ts'

const holder = `0x${'1'.repeat(40)}` as const

function reverted(data: `0x${string}`) {
  const cause = new ContractFunctionRevertedError({ abi: ownershipAbi, data, functionName: 'safeTransferFrom' })
  return new ContractFunctionExecutionError(cause, { abi: ownershipAbi, functionName: 'safeTransferFrom', args: [] })
}

test('a rejection is a choice, in whatever shape the wallet puts it', () => {
  expect(explainWallet(new UserRejectedRequestError(new Error('no'))).kind).to.equal('rejected')
  expect(explainWallet({ code: 4001, message: 'User rejected' }).kind).to.equal('rejected')
})

test('a restricted transfer is explained by its reason and its day', () => {
  const data = encodeErrorResult({ abi: ownershipAbi, errorName: 'TransferRestricted', args: [7, holder, holder, 1n, 2n, 20_600n] })
  expect(explainWallet(reverted(data))).to.include({ kind: 'contract', detail: null })
  expect(explainWallet(reverted(data)).help).to.match(/lock-up until 27 May 2026.*Nothing was sent/)
})

test('what the ledger refuses a claim with is understood though the call went to the vault', () => {
  const data = encodeErrorResult({ abi: ownershipAbi, errorName: 'AccountIsFrozen', args: [holder] })
  const cause = new ContractFunctionRevertedError({ abi: vaultAbi, data, functionName: 'claim' })
  const thrown = new ContractFunctionExecutionError(cause, { abi: vaultAbi, functionName: 'claim', args: [] })
  expect(explainWallet(thrown).help).to.match(/is frozen; what is due to it waits.*Nothing was sent/)
})

test('a contract that is not ours keeps what it said for support', () => {
  const trouble = explainWallet(reverted('0x12345678'))
  expect(trouble.kind).to.equal('contract')
  expect(trouble.help).to.include('no words for')
  expect(trouble.detail).to.include('0x12345678')
})

test('an empty purse and a silent node are told apart from a refusal', () => {
  expect(explainWallet(new InsufficientFundsError({ cause: undefined as never })).kind).to.equal('funds')
  expect(explainWallet(new HttpRequestError({ url: 'http://x', details: 'refused' })).kind).to.equal('network')
  expect(explainWallet(new HttpRequestError({ url: 'http://x', status: 429 })).title).to.equal('The network node is busy')
})
