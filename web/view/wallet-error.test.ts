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
import { ownershipAbi, payoutTokenAbi, vaultAbi } from '../../common/abi.ts'
import { EXPLAINED_REVERTS, explainWallet } from './wallet-error.ts'

const holder = `0x${'1'.repeat(40)}` as const

function reverted(data: `0x${string}`) {
  const cause = new ContractFunctionRevertedError({ abi: ownershipAbi, data, functionName: 'safeTransferFrom' })
  return new ContractFunctionExecutionError(cause, { abi: ownershipAbi, functionName: 'safeTransferFrom', args: [] })
}

test('a rejection is a choice, in whatever shape the wallet puts it', () => {
  expect(explainWallet(new UserRejectedRequestError(new Error('no'))).kind).to.equal('rejected')
  expect(explainWallet({ code: 4001, message: 'User rejected' }).kind).to.equal('rejected')
})

test('a restricted transfer is explained by its reason code', () => {
  const data = encodeErrorResult({ abi: ownershipAbi, errorName: 'TransferRestricted', args: [7, holder, holder, 1n, 2n] })
  expect(explainWallet(reverted(data))).to.include({ kind: 'contract', detail: null })
  expect(explainWallet(reverted(data)).help).to.match(/lock-up.*Nothing was sent/)
})

test('an error without words of its own keeps its name for support', () => {
  const data = encodeErrorResult({ abi: ownershipAbi, errorName: 'InvalidTerms' })
  expect(explainWallet(reverted(data))).to.include({ kind: 'contract', detail: 'InvalidTerms' })
})

test('an empty purse and a silent node are told apart from a refusal', () => {
  expect(explainWallet(new InsufficientFundsError({ cause: undefined as never })).kind).to.equal('funds')
  expect(explainWallet(new HttpRequestError({ url: 'http://x', details: 'refused' })).kind).to.equal('network')
  expect(explainWallet(new HttpRequestError({ url: 'http://x', status: 429 })).title).to.equal('The network node is busy')
})

test('every custom error named here exists in a contract', () => {
  const names = new Set(
    [...ownershipAbi, ...vaultAbi, ...payoutTokenAbi].flatMap((item) => (item.type === 'error' ? [item.name as string] : [])),
  )
  for (const name of EXPLAINED_REVERTS) expect(names.has(name), name).to.equal(true)
})
