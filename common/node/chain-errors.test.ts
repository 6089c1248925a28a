import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { expect } from 'chai'
import { type Abi, ContractFunctionExecutionError, ContractFunctionRevertedError, encodeErrorResult } from 'viem'
import * as abis from '../abi.ts'
import { ownershipAbi, vaultAbi } from '../abi.ts'
import { CHAIN_ERRORS, explainRevert, revertDataOf } from '../chain-errors.ts'
import { RESTRICTION_CODES, restrictionSentence } from '../chain-restrictions.ts'
import { LEDGER_STATES } from '../ledger-states.ts'

const contracts = join(import.meta.dirname, '..', '..', 'contracts')
const holder = `0x${'1'.repeat(40)}` as const

/** Every custom error of every contract, by its signature, with its inputs. */
const errors = new Map(
  (Object.values(abis) as Abi[])
    .flat()
    .flatMap((item) => (item.type === 'error' ? [[`${item.name}(${item.inputs.map(({ type }) => type).join(',')})`, item] as const] : [])),
)

/** A value of each type that sentences meet, and the extremes that they must survive. */
const VALUES: Record<string, readonly unknown[]> = {
  address: [holder, `0x${'0'.repeat(40)}`],
  string: ['text', '', 'x'.repeat(500)],
  bytes32: [`0x${'2'.repeat(64)}`, `0x${'0'.repeat(64)}`],
  bytes4: ['0x12345678', '0x00000000'],
}

describe('the sentences for what contracts refuse', () => {
  it('are there for every error of every contract, and for nothing else', () => {
    const said = Object.keys(CHAIN_ERRORS)
    expect(
      [...errors.keys()].filter((signature) => !said.includes(signature)),
      'without a sentence',
    ).to.deep.equal([])
    expect(
      said.filter((signature) => !errors.has(signature as never)),
      'of no contract',
    ).to.deep.equal([])
  })

  it('are one sentence each, whatever the figures, and never show a gap', () => {
    for (const [signature, item] of errors) {
      for (const round of [0, 1, 2]) {
        const args = item.inputs.map(({ type }) => {
          const values = VALUES[type] ?? [5, 0, type === 'uint8' ? 255 : 2n ** (BigInt(type.slice(4)) - 1n)]
          const value = values[round % values.length]
          return typeof value === 'number' && Number(type.slice(4)) > 48 ? BigInt(value) : value
        })
        const data = encodeErrorResult({ abi: [item], errorName: item.name, args } as never)
        const refusal = explainRevert(data)
        expect(refusal?.name, signature).to.equal(item.name)
        expect(refusal?.sentence, signature).to.match(/^\S.*[^.]\.$/s)
        expect(refusal?.sentence, signature).not.to.match(/undefined|null|NaN|\[object|\. [A-Z]/)
      }
    }
  })

  it('carry the numbers, days and names of the refusal', () => {
    const args = [7, holder, holder, 3n, 1_200n, 20_600n] as const
    const locked = encodeErrorResult({ abi: ownershipAbi, errorName: 'TransferRestricted', args })
    expect(explainRevert(locked)?.sentence).to.equal(
      'Some of these 1,200 units are in their lock-up until 27 May 2026: send fewer, or wait until then.',
    )
    const notice = encodeErrorResult({ abi: ownershipAbi, errorName: 'NoticeRunning', args: [4n, 1_795_000_000n] })
    expect(explainRevert(notice)?.sentence).to.equal('The notice of the exit of project 4 runs until 18 November 2026 at 11:06 UTC.')
    const wrong = encodeErrorResult({ abi: ownershipAbi, errorName: 'WrongState', args: [4n, LEDGER_STATES.indexOf('exiting')] })
    expect(explainRevert(wrong)?.sentence).to.equal('Project 4 is exiting, and this isn’t possible then.')
    const role = encodeErrorResult({ abi: vaultAbi, errorName: 'MissingRole', args: [holder, 4] })
    expect(explainRevert(role)?.sentence).to.match(/^0x1111…1111 doesn’t hold the role of treasurer/)
    const country = encodeErrorResult({ abi: ownershipAbi, errorName: 'TransferRestricted', args: [10, holder, holder, 3n, 1n, 276n] })
    expect(explainRevert(country)?.sentence).to.contain('Germany')
  })

  it('tell apart two errors of one name', () => {
    expect(CHAIN_ERRORS['InvalidCurrency(address)']!([holder])).not.to.equal(CHAIN_ERRORS['InvalidCurrency(string)']!([holder]))
  })

  it('find the bytes wherever a client puts them, and say nothing of foreign ones', () => {
    const data = encodeErrorResult({ abi: ownershipAbi, errorName: 'AccountIsFrozen', args: [holder] })
    // The vault’s ABI doesn’t know the ledger’s errors.
    const cause = new ContractFunctionRevertedError({ abi: vaultAbi, data, functionName: 'claim' })
    const thrown = new ContractFunctionExecutionError(cause, { abi: vaultAbi, functionName: 'claim', args: [[1]] })
    expect(revertDataOf(thrown)).to.equal(data)
    expect(revertDataOf({ cause: { data: { data } } })).to.equal(data)
    expect(revertDataOf(new Error('fetch failed'))).to.equal(undefined)
    expect(explainRevert('0x12345678')).to.equal(null)
    expect(explainRevert(data.slice(0, 20))).to.equal(null)
    expect(explainRevert(undefined)).to.equal(null)
  })
})

describe('the sentences for reason codes', () => {
  it('are there for every code of the ledger, and for no other', async () => {
    const source = await readFile(join(contracts, 'ledger', 'Codes.sol'), 'utf8')
    const list = source.slice(source.indexOf('// Restriction codes'), source.indexOf('// Flags'))
    const codes = [...list.matchAll(/^uint8 constant \w+ = (\d+);/gm)].map(([, code]) => Number(code))
    expect(codes).to.include.members([0, 16])
    expect(RESTRICTION_CODES).to.deep.equal(codes.filter((code) => code !== 0))
  })

  it('differ from each other, with figures and without; 0 has none', () => {
    expect(restrictionSentence(0)).to.equal(null)
    const move = { projectId: 3n, units: 2n, limit: 4n }
    for (const known of [undefined, move]) {
      const sentences = RESTRICTION_CODES.map((code) => restrictionSentence(code, known))
      expect(new Set(sentences).size).to.equal(RESTRICTION_CODES.length)
      for (const sentence of sentences) expect(sentence).to.match(/^[^.]+\.$/)
    }
    expect(restrictionSentence(2, move)).to.match(/^Project 3 is paused/)
  })

  it('call a code above the ledger’s own one of the project’s rules', () => {
    for (const code of [17, 42, 255]) expect(restrictionSentence(code)).to.contain(`reason ${code}`)
  })
})

describe('the states of a project', () => {
  it('have the contract’s names and numbers', async () => {
    const source = await readFile(join(contracts, 'ledger', 'ILedgerTypes.sol'), 'utf8')
    const body = source.slice(source.indexOf('enum State {'), source.indexOf('}', source.indexOf('enum State {')))
    const names = [...body.matchAll(/^\s+([A-Z]\w*)/gm)].map(([, name]) => name!.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase())
    expect(names).to.deep.equal([...LEDGER_STATES])
  })
})
