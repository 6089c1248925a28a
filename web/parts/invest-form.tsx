import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useDeferredValue, useRef, useState } from 'react'
import type { Investment, ProjectDetail } from '../../common/wire.ts'
import { useApi, useSession } from '../app.tsx'
import { eligibilityQuery } from '../queries.ts'
import { readAmount, readCents, suggestedAmounts } from '../view/amount.ts'
import { amountProblem } from '../view/amount-words.ts'
import { lastSecondBefore, money, whole } from '../view/format.ts'
import { CheckField } from './check-field.tsx'
import { EligibilityView } from './eligibility-view.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { LossConsent } from './loss-consent.tsx'
import { TextField } from './text-field.tsx'

/** One form, one button that names the next step. The key makes pressing twice one order. */
export function InvestForm({ project }: { project: ProjectDetail }) {
  const api = useApi()
  const isSignedIn = useSession().kind === 'signed_in'
  const [text, setText] = useState('')
  const [accepted, setAccepted] = useState(false)
  const [lossText, setLossText] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const intent = useRef<{ cents: bigint; accepted: bigint | null; key: string }>({ cents: 0n, accepted: null, key: '' })
  const amount = readAmount(text, project)
  const cents = useDeferredValue(amount.ok ? amount.cents : 0n)
  const acceptedLossCents = readCents(lossText)
  const eligibility = useQuery({
    ...eligibilityQuery(api, project.projectId, cents, useDeferredValue(acceptedLossCents)),
    enabled: isSignedIn && cents > 0n,
  })
  const isNewest = !eligibility.isPlaceholderData && eligibility.data?.amountCents === String(amount.ok ? amount.cents : 0n)
  const mayInvest = amount.ok && isNewest && eligibility.data?.allowed === true
  const warning = eligibility.data?.findings.find(({ code }) => code === 'ECSP_WARNING')

  const label = !amount.ok
    ? 'Enter an amount'
    : !isSignedIn
      ? 'Sign in to go on'
      : eligibility.isFetching && !mayInvest
        ? 'Checking…'
        : !mayInvest
          ? 'You can’t invest this yet'
          : !accepted
            ? 'Accept the risks to go on'
            : busy
              ? 'Reserving your units…'
              : `Pay ${money(amount.cents, project.currency)}`
  const ready = mayInvest && accepted && !busy

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (!ready || !amount.ok) return
    setBusy(true)
    setError(null)
    if (intent.current.cents !== amount.cents || intent.current.accepted !== acceptedLossCents)
      intent.current = { cents: amount.cents, accepted: acceptedLossCents, key: crypto.randomUUID() }
    try {
      const body = {
        projectId: project.projectId,
        amountCents: String(amount.cents),
        ...(acceptedLossCents !== null && { acceptedLossCents: String(acceptedLossCents) }),
      }
      const order = await api.send<Investment>('POST', '/investments', body, intent.current.key)
      location.assign(order.checkoutUrl ?? `/investments/${order.id}`)
    } catch (caught) {
      setError(caught)
      setBusy(false)
    }
  }

  return (
    <form onSubmit={submit} className="mt-8 flex flex-col gap-8" noValidate>
      <div>
        <TextField
          label={`Amount in ${project.currency}`}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          hint={
            amount.ok
              ? `${whole(amount.units)} ${amount.units === 1n ? 'unit' : 'units'} at ${money(project.unitPriceCents, project.currency)}`
              : `Whole units of ${money(project.unitPriceCents, project.currency)} each`
          }
          problem={amount.ok || amount.problem === 'empty' ? null : amountProblem(amount, project.currency)}
        />
        <div className="mt-3 flex flex-wrap gap-2">
          {suggestedAmounts(project).map((suggestion) => (
            <button
              key={String(suggestion)}
              type="button"
              className="btn btn-line numbers min-h-11! px-4!"
              onClick={() => setText(String(Number(suggestion) / 100))}
            >
              {money(suggestion, project.currency)}
            </button>
          ))}
        </div>
      </div>

      {!isSignedIn && (
        <p className="card p-5">
          <Link to="/sign-in" search={{ next: `/projects/${project.projectId}/invest` }} className="link">
            Sign in
          </Link>{' '}
          and we’ll tell you whether you may invest, and if not, which rule says so.
        </p>
      )}
      {isSignedIn && amount.ok && <EligibilityView query={eligibility} />}
      {isSignedIn && amount.ok && warning && (!warning.passed || lossText !== '') && (
        <LossConsent amount={money(amount.cents, project.currency)} isAgreed={warning.passed} text={lossText} onText={setLossText} />
      )}

      {mayInvest && amount.ok && (
        <section aria-labelledby="review" className="card p-6">
          <h2 id="review">Look it over</h2>
          <dl className="numbers mt-4">
            <Row term="You pay" value={money(amount.cents, project.currency)} />
            <Row term="You get" value={`${whole(amount.units)} ${amount.units === 1n ? 'unit' : 'units'} of ${project.name}`} />
            <Row term="Our fee" value={money(0n, project.currency)} />
            <Row term="Lock-up" value={project.lockDays === 0 ? 'None' : `${whole(project.lockDays)} days`} />
          </dl>
          <p className="mt-4 text-sm text-soft">
            Your units are reserved while you pay. Until you have paid you can cancel, and nothing is charged.
            {eligibility.data?.cancelUntil && (
              <>
                {' '}
                Also after paying you can take the order back, without a reason, until{' '}
                <time dateTime={eligibility.data.cancelUntil}>{lastSecondBefore(eligibility.data.cancelUntil)}</time>; then all of your
                money goes back to you. Units are minted only after that.
              </>
            )}
          </p>
          <CheckField className="mt-4" isChecked={accepted} onCheck={setAccepted}>
            I have read the documents and understand that I can lose all of this money and may not be able to sell.
          </CheckField>
        </section>
      )}

      <div>
        <button type="submit" className="btn btn-main w-full sm:w-auto" aria-disabled={!ready}>
          {label}
        </button>
        <p className="mt-2 text-sm text-soft">You pay on the payment provider’s own page; we never see your card.</p>
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </form>
  )
}

function Row({ term, value }: { term: string; value: string }) {
  return (
    <div className="flex items-baseline justify-between gap-4 border-t border-line py-2.5">
      <dt className="shrink-0 text-soft">{term}</dt>
      <dd className="text-end font-semibold">{value}</dd>
    </div>
  )
}
