import { describe, it } from 'node:test'
import { expect } from 'chai'
import type { ReviewCase } from '../../common/wire-review.ts'
import { caseState, evidenceLines, moveOf, outcomeWords } from './review-words.ts'

const NOW = new Date('2026-11-28T12:00:00Z')
const OPEN: ReviewCase = {
  id: 'c',
  kind: 'sanctions',
  title: 'Sanctions hit',
  accountId: 'person',
  investorId: '7',
  country: 'DE',
  reason: 'Like an entry',
  state: 'open',
  version: 1,
  assignee: null,
  openedAt: '2026-11-28T11:00:00Z',
  dueAt: '2026-11-29T11:00:00Z',
  outcomes: ['confirm', 'dismiss'],
  fourEyes: ['confirm', 'dismiss'],
  proposal: null,
  decision: null,
}
const PROPOSED: ReviewCase = { ...OPEN, state: 'proposed', proposal: { outcome: 'dismiss', reason: 'r', by: { id: 'ada', email: null } } }
const DECIDED: ReviewCase = {
  ...OPEN,
  state: 'decided',
  decision: { outcome: 'dismiss', reason: 'r', by: { id: 'bob', email: null }, at: '2026-11-28T11:30:00Z' },
}

describe('a case at the desk', () => {
  it('is proposed by one and confirmed by another; nobody moves their own', () => {
    expect(moveOf(OPEN, 'ada')).to.equal('propose')
    expect(moveOf(PROPOSED, 'ada')).to.equal('wait')
    expect(moveOf(PROPOSED, 'bob')).to.equal('confirm')
    expect(moveOf(DECIDED, 'bob')).to.equal('nothing')
    expect(moveOf(OPEN, 'person')).to.equal('nothing')
  })

  it('says in a word how it stands, late before all else', () => {
    expect(caseState(OPEN, NOW).word).to.equal('Open')
    expect(caseState(PROPOSED, NOW).word).to.equal('Waits for a second person')
    expect(caseState({ ...PROPOSED, dueAt: '2026-11-28T11:59:59Z' }, NOW)).to.deep.equal({ word: 'Late', tone: 'bad' })
    expect(caseState(DECIDED, NOW).word).to.equal('Dismissed')
  })

  it('shows its evidence in words', () => {
    const evidence = {
      hitId: 'x',
      source: 'ofac_sdn',
      score: 0.913,
      isCertain: false,
      matched: { name: 'N', birth: 'year', country: 'other', programs: ['SDGT', 'IRAN'] },
      expectedApplicant: 'a1',
    }
    expect(evidenceLines(evidence)).to.deep.equal([
      { name: 'List', value: 'OFAC SDN' },
      { name: 'Likeness', value: '91 %' },
      { name: 'Certain', value: 'no' },
      { name: 'Name on the list', value: 'N' },
      { name: 'Birth date', value: 'the same year' },
      { name: 'Country', value: 'another' },
      { name: 'Programmes', value: 'SDGT, IRAN' },
      { name: 'Expected applicant', value: 'a1' },
    ])
  })

  it('has words for every outcome', () => {
    expect(outcomeWords('kyc', 'approve').done).to.equal('Approved')
    expect(outcomeWords('sanctions', 'confirm').verb).to.contain('freeze')
    expect(outcomeWords('other', 'escalate')).to.deep.equal({ verb: 'escalate', done: 'escalate' })
  })
})
