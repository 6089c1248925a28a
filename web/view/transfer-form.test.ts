import { test } from 'node:test'
import { expect } from 'chai'
import { readTransfer } from './transfer-form.ts'

const holder = { from: `0x${'1'.repeat(40)}`, held: '25' }
const other = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266'

test('a receiver and a number of units make a transfer', () => {
  expect(readTransfer(` ${other} `, '25', holder)).to.deep.include({ ok: true, to: other, units: 25n })
})

test('empty fields ask for themselves one after the other, without reproach', () => {
  expect(readTransfer('', '', holder)).to.deep.equal({
    ok: false,
    problem: 'Enter the receiver’s wallet',
    toProblem: null,
    unitsProblem: null,
  })
  expect(readTransfer(other, '', holder)).to.include({ problem: 'Enter how many units' })
})

test('a mistyped address is caught by its checksum', () => {
  expect(readTransfer(other.replace('Fd', 'fd'), '1', holder)).to.deep.include({
    ok: false,
    toProblem: 'This address has a typing error: its checksum is wrong.',
  })
  expect(readTransfer('0x12', '1', holder)).to.deep.include({ toProblem: 'An address starts with 0x and has 40 more characters.' })
})

test('nobody sends to themselves, more than they hold, none or a part', () => {
  expect(readTransfer(holder.from, '1', holder)).to.include({ toProblem: 'That is your own wallet.' })
  expect(readTransfer(other, '26', holder)).to.include({ unitsProblem: 'You hold only 25.' })
  for (const units of ['0', '1.5', 'many', '-1']) expect(readTransfer(other, units, holder), units).to.include({ ok: false })
})
