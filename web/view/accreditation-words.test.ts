import { describe, it } from 'node:test'
import { expect } from 'chai'
import type { Accreditation, AccreditationStanding } from '../../common/wire-accreditation.ts'
import { claimLines, standingSentence } from './accreditation-words.ts'

const newest: Accreditation = {
  id: '00000000-0000-4000-8000-000000000000',
  state: 'draft',
  claim: { path: 'net_worth', assetsCents: '123456789', liabilitiesCents: '0', isJoint: true },
  asOf: '2026-11-01',
  expiresAt: '2027-01-30T00:00:00.000Z',
  minimumCents: null,
  files: [],
  missing: [],
}
const standing = (change: Partial<AccreditationStanding> = {}) =>
  standingSentence({ newest: null, accreditedUntil: null, verifiedFromCents: null, citation: '', ...change })

describe('the words about accreditation', () => {
  it('say until when and from which size, and nothing before there is anything to say', () => {
    expect(standing()).to.equal('')
    expect(standing({ newest })).to.equal('')
    expect(standing({ newest, accreditedUntil: newest.expiresAt })).to.contain('until 2027-01-30')
    expect(standing({ newest, verifiedFromCents: '20000000' })).to.contain('$200,000.00 and more under Rule 506(c) until 2027-01-30')
  })

  it('say what became of the newest claim', () => {
    for (const [state, words] of [
      ['submitted', 'Two people'],
      ['rejected', 'did not show it'],
      ['expired', 'run out'],
    ] as const)
      expect(standing({ newest: { ...newest, state } })).to.contain(words)
  })

  it('show a claim in lines, amounts as amounts', () => {
    expect(claimLines(newest.claim)).to.deep.equal([
      { name: 'Assets without the home', value: '$1,234,567.89' },
      { name: 'Liabilities', value: '$0.00' },
      { name: 'With a spouse', value: 'yes' },
    ])
  })
})
