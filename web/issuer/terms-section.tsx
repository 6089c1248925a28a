import type { Issuer } from '../../common/wire-issuer.ts'
import { Section } from '../parts/section.tsx'
import { money } from '../view/format.ts'
import { feeWords, MODULE_NAMES } from '../view/issuer-words.ts'

/** What was agreed with the platform, and what it came to. */
export function TermsSection({ issuer: { terms, fees } }: { issuer: Issuer }) {
  return (
    <Section title="Terms">
      <p>
        Fee: <strong>{feeWords(terms.feeBps)}</strong> of what investors pay.
      </p>
      <p className="mt-2">
        {terms.modules.length === 0 ? 'No module is agreed.' : `Modules: ${terms.modules.map((code) => MODULE_NAMES[code]).join(', ')}.`}
      </p>
      {fees.length === 0 ? (
        <p className="mt-2 text-soft">No order is settled yet, so no fee is due.</p>
      ) : (
        fees.map(({ currency, settledCents, feeCents }) => (
          <p key={currency} className="mt-2">
            Settled so far: {money(settledCents, currency)}. Of it the fee: {money(feeCents, currency)}.
          </p>
        ))
      )}
      <p className="mt-2 text-sm text-soft">Orders keep the fee of the day on which they were placed. To change the terms, write to us.</p>
    </Section>
  )
}
