import { useState } from 'react'
import type { LossSimulation } from '../../common/wire-ecsp.ts'
import { money } from '../view/format.ts'
import { useAmounts } from './amount-fields.tsx'
import { CheckField } from './check-field.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Moment } from './moment.tsx'
import { useEcspStep } from './use-ecsp-step.ts'
import { useSubmit } from './use-submit.ts'

const FIELDS = [
  { key: 'annualIncomeCents', label: 'Income a year in EUR', hint: 'After taxes, from all sources' },
  {
    key: 'liquidAssetsCents',
    label: 'Liquid assets in EUR',
    hint: 'Savings and investments you can sell; no real estate and no pension',
  },
  { key: 'annualCommitmentsCents', label: 'Commitments a year in EUR', hint: 'Rent, loans, maintenance, and those you know of already' },
] as const

/** How much the investor can bear to lose: worked out from three figures, shown, confirmed. It is no limit. */
export function LossPart({ simulation }: { simulation: LossSimulation | null }) {
  return (
    <div className="card p-5">
      <h3>What you can bear to lose</h3>
      <p className="mt-1 text-soft">A tenth of your net worth by this reckoning. It doesn’t limit what you may invest.</p>
      {simulation !== null && <Result simulation={simulation} />}
      <SimulationForm simulation={simulation} />
    </div>
  )
}

function Result({ simulation }: { simulation: LossSimulation }) {
  const step = useEcspStep()
  const { busy, error, submit } = useSubmit(() => step('simulation/acknowledge'))
  return (
    <form onSubmit={submit} className="mt-4" aria-label="Your result">
      <p className="numbers" role="status">
        Net worth <strong>{money(simulation.netWorthCents, 'EUR')}</strong>, of which you can bear to lose{' '}
        <strong>{money(simulation.bearableLossCents, 'EUR')}</strong>.{' '}
        {simulation.acknowledgedAt !== null && (
          <>
            Confirmed on <Moment at={simulation.acknowledgedAt} dayOnly />; it holds until <Moment at={simulation.validUntil} dayOnly />.
          </>
        )}
      </p>
      {simulation.acknowledgedAt === null && (
        <button type="submit" className="btn btn-main mt-3" aria-disabled={busy}>
          {busy ? 'Saving…' : 'I have received this result'}
        </button>
      )}
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}

function SimulationForm({ simulation }: { simulation: LossSimulation | null }) {
  const step = useEcspStep()
  const { inputs, read } = useAmounts(FIELDS, simulation)
  const [isIncomePermanent, setIsIncomePermanent] = useState(simulation?.isIncomePermanent ?? false)
  const { busy, error, submit } = useSubmit(async () => {
    const figures = read()
    if (figures !== null) await step('simulation', { ...figures, isIncomePermanent })
  })
  return (
    <form onSubmit={submit} className="mt-4 grid gap-4 sm:grid-cols-2" noValidate aria-label="Your figures">
      {inputs}
      <CheckField className="self-center" isChecked={isIncomePermanent} onCheck={setIsIncomePermanent}>
        The income is permanent, not only for a time.
      </CheckField>
      <div className="sm:col-span-2">
        <button type="submit" className={`btn ${simulation === null ? 'btn-main' : 'btn-line'}`} aria-disabled={busy}>
          {busy ? 'Working it out…' : simulation === null ? 'Work it out' : 'Work it out anew'}
        </button>
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </form>
  )
}
