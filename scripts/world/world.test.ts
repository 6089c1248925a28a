import { test } from 'node:test'
import { expect } from 'chai'
import { INVESTMENTS } from './investments.ts'
import { INVESTORS } from './investors.ts'
import { ISSUERS } from './issuers.ts'
import { textPdf } from './pdf.ts'
import { PROJECTS } from './projects.ts'
import { seedWallet } from './wallets.ts'

test('the local world has three issuers, twelve projects of four technologies and forty investors', () => {
  expect([ISSUERS.length, PROJECTS.length, INVESTORS.length]).to.deep.equal([3, 12, 40])
  expect(new Set(PROJECTS.map(({ technology }) => technology))).to.have.property('size', 4)
  expect(new Set(PROJECTS.map(({ key }) => key))).to.have.property('size', 12)
  expect(new Set(INVESTORS.map(({ email }) => email))).to.have.property('size', 40)
  for (const { issuer } of PROJECTS) expect(ISSUERS.map(({ key }) => key)).to.include(issuer)
})

test('the projects lie on four continents', () => {
  const continents = PROJECTS.map(({ latitude, longitude }) =>
    longitude < -30 ? 'South America' : longitude > 60 ? 'Asia' : latitude > 35 ? 'Europe' : 'Africa',
  )
  expect(new Set(continents)).to.have.property('size', 4)
})

test('no investment is below the minimum, and no project is oversold', () => {
  for (const project of PROJECTS) {
    const mine = INVESTMENTS.filter((investment) => investment.project === project.key)
    expect(mine, project.key).not.to.have.length(0)
    for (const { units, key } of mine) expect(units * project.unitPriceCents >= project.minInvestmentCents, key).to.equal(true)
    expect(mine.reduce((sum, { units }) => sum + units, 0n) <= project.unitsOffered, project.key).to.equal(true)
  }
  expect(new Set(INVESTMENTS.map(({ key }) => key))).to.have.property('size', INVESTMENTS.length)
})

test('some investors hold nothing, and every wallet is another', () => {
  const buyers = new Set(INVESTMENTS.map(({ investor }) => investor))
  expect(buyers.size).to.be.within(30, 39)
  expect(new Set(INVESTORS.map(({ key }) => seedWallet(key).address))).to.have.property('size', 40)
})

test('a document is a PDF whose table of objects points at them, the same each time', () => {
  const text = Buffer.from(textPdf('Évora (draft)', ['word '.repeat(2_000)])).toString('latin1')
  expect(text)
    .to.match(/^%PDF-1\.4\n/)
    .and.match(/%%EOF\n$/)
  const start = Number(/startxref\n(\d+)/.exec(text)![1])
  expect(text.slice(start, start + 4)).to.equal('xref')
  const offsets = [...text.slice(start).matchAll(/^(\d{10}) 00000 n $/gm)].map((match) => Number(match[1]))
  offsets.forEach((offset, index) => {
    expect(text.slice(offset).startsWith(`${index + 1} 0 obj`)).to.equal(true)
  })
  expect(Buffer.from(textPdf('Évora (draft)', ['word '.repeat(2_000)])).toString('latin1')).to.equal(text)
})
