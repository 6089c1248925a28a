import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Finances } from '../../common/wire.ts'
import { useApi } from '../app.tsx'
import { financesQuery } from '../queries.ts'
import { useAmounts } from './amount-fields.tsx'
import { CheckField } from './check-field.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Moment } from './moment.tsx'
import { QueryPart } from './query-part.tsx'
import { Section } from './section.tsx'
import { useSubmit } from './use-submit.ts'

/** What the investor says of income and net worth: some offerings limit by it what may be invested. */
export function FinancesSection() {
  const query = useQuery(financesQuery(useApi()))
  return (
    <Section title="Income and net worth">
      <p className="max-w-prose text-soft">
        Needed only where the law limits by them what you may invest, as Regulation Crowdfunding does in the United States. Nobody is shown
        these figures; the rules compute your limit from them.
      </p>
      <div className="mt-4">
        <QueryPart query={query} what="what you told us" isEmpty={() => false} empty={null}>
          {(finances) => <FinancesForm key={finances?.statedAt} finances={finances} />}
        </QueryPart>
      </div>
    </Section>
  )
}

const SPOUSE = {
  key: 'spouseCommittedCents',
  label: 'Invested by your spouse in USD',
  hint: 'Under Regulation Crowdfunding, here and on other platforms, in the last twelve months',
} as const
const FIELDS = [
  { key: 'annualIncomeCents', label: 'Annual income in USD', hint: 'Of the last calendar year, before taxes' },
  { key: 'netWorthCents', label: 'Net worth in USD', hint: 'What you own less what you owe, without the home you live in' },
  {
    key: 'outsideCents',
    label: 'Invested on other crowdfunding platforms in USD',
    hint: 'Under Regulation Crowdfunding, in the last twelve months',
  },
] as const

function FinancesForm({ finances }: { finances: Finances | null }) {
  const api = useApi()
  const client = useQueryClient()
  const [isJoint, setIsJoint] = useState(finances?.isJoint ?? false)
  const { inputs, read } = useAmounts(isJoint ? [...FIELDS, SPOUSE] : FIELDS, finances)
  const { busy, error, submit } = useSubmit(async () => {
    const stated = read()
    if (stated === null) return
    client.setQueryData(financesQuery(api).queryKey, await api.send<Finances>('PUT', '/users/finances', { ...stated, isJoint }))
    await client.invalidateQueries({ queryKey: ['project'] })
  })

  return (
    <form onSubmit={submit} className="grid gap-4 sm:grid-cols-2" noValidate>
      {inputs}
      <CheckField className="self-center" isChecked={isJoint} onCheck={setIsJoint}>
        Income and net worth are mine and my spouse’s together. Then one limit holds for both of us, and what we both invested counts.
      </CheckField>
      <div className="sm:col-span-2">
        <button type="submit" className="btn btn-main" aria-disabled={busy}>
          {busy ? 'Saving…' : finances === null ? 'Save' : 'Save anew'}
        </button>
        {finances !== null && (
          <p className="mt-2 text-sm text-soft" role="status">
            You told us on <Moment at={finances.statedAt} dayOnly />. It holds for twelve months.
          </p>
        )}
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </form>
  )
}
