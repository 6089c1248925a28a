import { useState } from 'react'
import type { Sophistication } from '../../common/wire-ecsp.ts'
import { readCents } from '../view/amount.ts'
import { sophisticationSentence } from '../view/ecsp-words.ts'
import { CheckField } from './check-field.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Moment } from './moment.tsx'
import { TextField } from './text-field.tsx'
import { useEcspStep } from './use-ecsp-step.ts'
import { useSubmit } from './use-submit.ts'

const MONEY = [
  { key: 'grossIncomeCents', label: 'Gross income a year in EUR' },
  { key: 'portfolioCents', label: 'Deposits and financial instruments in EUR' },
] as const
const COUNTS = [
  { key: 'fewestTrades', label: 'Significant trades in the quietest of the last four quarters' },
  { key: 'financeMonths', label: 'Months of work in finance' },
  { key: 'executiveMonths', label: 'Months as an executive of a company' },
] as const
type Key = (typeof MONEY)[number]['key'] | (typeof COUNTS)[number]['key']

/** Asks to be treated as a sophisticated investor. Companies ask through the api. */
export function SophisticationPart({ sophistication }: { sophistication: Sophistication | null }) {
  const isWaiting = sophistication?.state === 'requested'
  return (
    <div className="card p-5">
      <h3>Sophisticated investor</h3>
      <p className="mt-1 text-soft" role="status">
        {sophisticationSentence(sophistication)}
        {sophistication?.validUntil && (
          <>
            {' '}
            Until <Moment at={sophistication.validUntil} dayOnly />.
          </>
        )}
      </p>
      {!isWaiting && (
        <details className="mt-3">
          <summary className="link w-fit py-1">Ask to be treated as one</summary>
          <ClaimForm />
        </details>
      )}
    </div>
  )
}

function ClaimForm() {
  const step = useEcspStep()
  const [texts, setTexts] = useState<Record<Key, string>>({
    grossIncomeCents: '',
    portfolioCents: '',
    fewestTrades: '',
    financeMonths: '',
    executiveMonths: '',
  })
  const [isAccepted, setIsAccepted] = useState(false)
  const { busy, error, submit } = useSubmit(async () => {
    if (!isAccepted) return
    const amounts = MONEY.map(({ key }) => [key, String(readCents(texts[key]) ?? 0n)])
    const counts = COUNTS.map(({ key }) => [key, Math.min(Math.trunc(Number(texts[key])) || 0, 100_000)])
    await step('sophistication', {
      evidence: { kind: 'person', ...Object.fromEntries([...amounts, ...counts]) },
      acceptsLessProtection: true,
    })
  })
  return (
    <form onSubmit={submit} className="mt-4 grid gap-4 sm:grid-cols-2" noValidate aria-label="Request">
      <p className="text-soft sm:col-span-2">
        Two of three are needed: EUR 60,000 of income or more than EUR 100,000 invested; ten trades a quarter; a year of work in finance or
        as an executive. You answer for what you state. We look at each request and may ask for evidence.
      </p>
      {[...MONEY, ...COUNTS].map(({ key, label }) => (
        <TextField
          key={key}
          label={label}
          hint="Leave empty for none"
          inputMode="decimal"
          autoComplete="off"
          value={texts[key]}
          onChange={(event) => setTexts({ ...texts, [key]: event.target.value })}
        />
      ))}
      <CheckField className="sm:col-span-2" isChecked={isAccepted} onCheck={setIsAccepted}>
        I know that I lose the protection of investors who are not sophisticated: no test, no further warning, no days for reflection.
      </CheckField>
      <div className="sm:col-span-2">
        <button type="submit" className="btn btn-line" aria-disabled={busy || !isAccepted}>
          {busy ? 'Sending…' : 'Send the request'}
        </button>
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </form>
  )
}
