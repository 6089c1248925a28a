import type { ReviewCase } from '../../common/wire-review.ts'
import type { Tone } from './words.ts'

/** What an outcome is called on a button, and once it is decided. */
const OUTCOMES: Record<string, { verb: string; done: string }> = {
  'sanctions confirm': { verb: 'It is the listed person: freeze', done: 'Confirmed' },
  'sanctions dismiss': { verb: 'It is somebody else: dismiss', done: 'Dismissed' },
  'dispute hold': { verb: 'Hold the account until the bank has decided', done: 'Held' },
  'dispute dismiss': { verb: 'Hold nothing', done: 'Dismissed' },
  'monitoring report': { verb: 'Report it', done: 'Reported' },
  'monitoring dismiss': { verb: 'Nothing unusual: dismiss', done: 'Dismissed' },
}
const PLAIN: Record<string, { verb: string; done: string }> = {
  approve: { verb: 'Approve', done: 'Approved' },
  reject: { verb: 'Reject', done: 'Rejected' },
}

export function outcomeWords(kind: string, outcome: string): { verb: string; done: string } {
  return OUTCOMES[`${kind} ${outcome}`] ?? PLAIN[outcome] ?? { verb: outcome, done: outcome }
}

/** The state of a case in a word. What is late says so first. */
export function caseState({ state, dueAt, decision, kind }: ReviewCase, now: Date): { word: string; tone: Tone } {
  if (decision) return { word: outcomeWords(kind, decision.outcome).done, tone: 'calm' }
  if (new Date(dueAt) < now) return { word: 'Late', tone: 'bad' }
  return state === 'proposed' ? { word: 'Waits for a second person', tone: 'wait' } : { word: 'Open', tone: 'good' }
}

export type CaseMove = 'propose' | 'confirm' | 'wait' | 'nothing'

/** What somebody of the staff can do about a case now: who proposed an outcome waits for another. */
export function moveOf({ state, proposal, accountId }: ReviewCase, viewerId: string): CaseMove {
  if (state === 'decided' || accountId === viewerId) return 'nothing'
  if (state === 'open' || proposal === null) return 'propose'
  return proposal.by.id === viewerId ? 'wait' : 'confirm'
}

const NAMES: Record<string, string> = {
  source: 'List',
  ref: 'Number on the list',
  score: 'Likeness',
  isCertain: 'Certain',
  rule: 'Rule',
  ruleFrom: 'In force since',
  sum: 'Together',
  paymentNumbers: 'Numbers of the payments',
  'matched.name': 'Name on the list',
  'matched.isWeak': 'Weak alias',
  'matched.birth': 'Birth date',
  'matched.country': 'Country',
  'matched.address': 'Wallet address',
  'matched.ticker': 'Currency',
  'matched.programs': 'Programmes',
}
const VALUES: Record<string, string> = {
  'source ofac_sdn': 'OFAC SDN',
  'source eu_consolidated': 'EU consolidated list',
  'source un_consolidated': 'UN consolidated list',
  'rule MONITOR_STRUCTURING': 'Structuring',
  'rule MONITOR_VELOCITY': 'Velocity',
  'rule MONITOR_ROUND_TRIP': 'Round trip',
  'matched.birth day': 'the same day',
  'matched.birth year': 'the same year',
  'matched.birth other': 'another year',
  'matched.birth unknown': 'not known on one side',
  'matched.country same': 'the same',
  'matched.country other': 'another',
  'matched.country unknown': 'not known on one side',
}

/** Evidence as lines of name and value, whatever it is made of; ids that lead nowhere for people are left out. */
export function evidenceLines(evidence: Record<string, unknown>, prefix = ''): { name: string; value: string }[] {
  return Object.entries(evidence).flatMap(([key, value]) => {
    const path = `${prefix}${key}`
    if (/Id$/.test(key)) return []
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return evidenceLines(value as Record<string, unknown>, `${path}.`)
    return [{ name: NAMES[path] ?? spoken(key), value: VALUES[`${path} ${value}`] ?? shown(path, value) }]
  })
}

function shown(path: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (path === 'score' && typeof value === 'number') return `${Math.round(value * 100)} %`
  return Array.isArray(value) ? value.join(', ') : String(value)
}

/** "expectedApplicant" → "Expected applicant" */
function spoken(key: string): string {
  const words = key.replace(/([A-Z])/g, ' $1').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
