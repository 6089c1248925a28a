import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Eligibility, Finding } from '../../common/wire.ts'
import { day } from '../view/format.ts'
import { QueryPart } from './query-part.tsx'

/** May this person invest this amount? What stands in the way comes first; rules that are met can be unfolded. */
export function EligibilityView({ query }: { query: UseQueryResult<Eligibility> }) {
  return (
    <section aria-labelledby="may-invest">
      <h2 id="may-invest">May you invest?</h2>
      <div className="mt-3">
        <QueryPart query={query} what="the rules" isEmpty={() => false} empty={null}>
          {({ allowed, findings }) => <Answer allowed={allowed} findings={findings} />}
        </QueryPart>
      </div>
    </section>
  )
}

function Answer({ allowed, findings }: { allowed: boolean; findings: Finding[] }) {
  const unmet = findings.filter((finding) => !finding.passed)
  const met = findings.filter((finding) => finding.passed)
  return (
    <>
      <p role="status" className="font-semibold">
        {allowed ? 'Yes. Every rule is met.' : 'Not yet. Here is why:'}
      </p>
      <FindingList findings={unmet} />
      {met.length > 0 && (
        <details className="mt-3">
          <summary className="link w-fit py-1">
            {met.length} {met.length === 1 ? 'rule is' : 'rules are'} met: see which
          </summary>
          <FindingList findings={met} />
        </details>
      )}
    </>
  )
}

/** Each rule with what it found, where it is written and since when it holds. */
function FindingList({ findings }: { findings: Finding[] }) {
  if (findings.length === 0) return null
  return (
    <ul className="card mt-3 divide-y divide-line">
      {findings.map((finding) => (
        <li key={finding.code} className="flex gap-3 px-5 py-3">
          <span aria-hidden="true" className={`font-bold ${finding.passed ? 'text-pine' : 'text-clay'}`}>
            {finding.passed ? '✓' : '✗'}
          </span>
          <span className="min-w-0">
            <span className="sr-only">{finding.passed ? 'Met: ' : 'Not met: '}</span>
            {finding.message}
            {!finding.passed && NEEDS_ACCOUNT.has(finding.code) && (
              <>
                {' '}
                <Link to="/account" className="link">
                  Do it in your account
                </Link>
              </>
            )}
            <span className="block text-sm text-soft">
              {finding.citation} · in force since {day(finding.effectiveFrom)}
            </span>
            {finding.unconfirmed !== null && <span className="block text-sm text-soft">Not confirmed: {finding.unconfirmed}</span>}
          </span>
        </li>
      ))}
    </ul>
  )
}

const NEEDS_ACCOUNT = new Set(['KYC_REQUIRED', 'WALLET_REQUIRED', 'FINANCES_STATED', 'ECSP_KNOWLEDGE', 'ECSP_LOSS'])
