import { describe, it } from 'node:test'
import { expect } from 'chai'
import { readReviewFilter, reviewQuery } from './review-filter.ts'

describe('the filter of the desk', () => {
  it('takes from the address what it knows', () => {
    expect(readReviewFilter({ kind: 'kyc', state: 'decided', mine: true })).to.deep.equal({ kind: 'kyc', state: 'decided', mine: true })
    expect(readReviewFilter({ kind: 'toString', state: 'open', mine: 'yes', other: 1 })).to.deep.equal({})
  })

  it('asks the api for it', () => {
    expect(reviewQuery({}, 'me', null)).to.equal('limit=20&state=waiting')
    expect(reviewQuery({ kind: 'sanctions', state: 'decided', mine: true }, 'me', 'x.y')).to.equal(
      'limit=20&state=decided&kind=sanctions&assignee=me&cursor=x.y',
    )
  })
})
