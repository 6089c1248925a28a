import type { UseQueryResult } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Eligibility } from '../../common/wire.ts'
import { day } from '../view/format.ts'
import { QueryPart } from './query-part.tsx'

/** May this person invest this amount? Each rule that was asked, what it found, where it is written and since when it holds. */
export function EligibilityView({ query }: { query: UseQueryResult<Eligibility> }) {
  return (
    <section aria-labelledby="may-invest">
      <h2 id="may-invest">May you invest?</h2>
      <div className="mt-3" role="status">
        <QueryPart query={query} what="the rules" isEmpty={() => false} empty={null}>
          {({ allowed, findings }) => (
            <>
              <p className="font-semibold">{allowed ? 'Yes. Every rule is met.' : 'Not yet. Here is why:'}</p>
              <ul className="card mt-3 divide-y divide-line">
                {[...findings]
                  .sort((a, b) => Number(a.passed) - Number(b.passed))
                  .map((finding) => (
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
                      </span>
                    </li>
                  ))}
              </ul>
            </>
          )}
        </QueryPart>
      </div>
    </section>
  )
}

const NEEDS_ACCOUNT = new Set(['KYC_REQUIRED', 'WALLET_REQUIRED'])
