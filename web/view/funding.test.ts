import { test } from 'node:test'
import { expect } from 'chai'
import { fundingView } from './funding.ts'

const project = (unitsMinted: string, unitsRemaining: string) => ({
  raisedCents: '0',
  targetCents: '0',
  unitsOffered: '1000',
  unitsMinted,
  unitsRemaining,
})

test('the bar is full only when every unit is minted', () => {
  expect(fundingView(project('999', '1')).mintedPercent).to.equal(99.9)
  expect(fundingView(project('1000', '0'))).to.include({ mintedPercent: 100, isSoldOut: true })
})

test('units that somebody is just paying for are shown apart from minted ones', () => {
  expect(fundingView(project('400', '550'))).to.deep.equal({ mintedPercent: 40, reservedPercent: 5, reservedUnits: 50n, isSoldOut: false })
})

test('a mirror that is ahead of the reservations never shows a negative share', () => {
  expect(fundingView(project('700', '350')).reservedPercent).to.equal(0)
})
