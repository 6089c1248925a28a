import { useId, useState } from 'react'
import { PATHS, type Path } from '../view/accreditation-words.ts'
import { useAmounts } from './amount-fields.tsx'
import { CheckField } from './check-field.tsx'
import { ChoiceField } from './choice-field.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { TextField } from './text-field.tsx'
import { useAccreditationStep } from './use-accreditation-step.ts'
import { useSubmit } from './use-submit.ts'

const AMOUNTS: Record<Path, { key: string; label: string; hint: string }[]> = {
  income: [
    { key: 'lastYearCents', label: 'Income last year in USD', hint: 'With your spouse’s where you claim together' },
    { key: 'yearBeforeCents', label: 'Income the year before in USD', hint: 'As above' },
  ],
  net_worth: [
    { key: 'assetsCents', label: 'What you own in USD', hint: 'Without the home you live in' },
    { key: 'liabilitiesCents', label: 'What you owe in USD', hint: 'Without the mortgage on that home, up to its value' },
  ],
  licence: [],
  letter: [],
  entity: [{ key: 'amountCents', label: 'Amount in USD', hint: 'Assets, investments or assets under management; 0 for the other bases' }],
  minimum_investment: [],
}
const SERIES = ['7', '65', '82'].map((id) => ({ id, text: `Series ${id}` }))
const WRITERS = [
  { id: 'broker_dealer', text: 'Registered broker-dealer' },
  { id: 'investment_adviser', text: 'Registered investment adviser' },
  { id: 'attorney', text: 'Attorney' },
  { id: 'accountant', text: 'Certified public accountant' },
]
const BASES = [
  { id: 'assets', text: 'Assets of more than $5,000,000' },
  { id: 'investments', text: 'Investments of more than $5,000,000' },
  { id: 'family_office', text: 'A family office that manages more than $5,000,000' },
  { id: 'owners', text: 'All of its owners are accredited' },
  { id: 'regulated', text: 'A bank, insurer, broker-dealer or registered fund' },
]
const INVESTORS = [
  { id: 'person', text: 'A person' },
  { id: 'entity', text: 'An entity, by its assets' },
  { id: 'owners', text: 'An entity whose owners are all accredited' },
]
const CHOICES: Partial<Record<Path, { key: string; legend: string; options: { id: string; text: string }[] }>> = {
  licence: { key: 'series', legend: 'Which licence?', options: SERIES },
  letter: { key: 'writer', legend: 'Who writes it?', options: WRITERS },
  entity: { key: 'basis', legend: 'By what?', options: BASES },
  minimum_investment: { key: 'as', legend: 'Who invests?', options: INVESTORS },
}
const TEXTS: Partial<Record<Path, { key: string; label: string }>> = {
  licence: { key: 'crdNumber', label: 'CRD number' },
  letter: { key: 'writerName', label: 'Name of the writer' },
  minimum_investment: { key: 'ownerCount', label: 'Natural persons who own the entity (0 for a person)' },
}
/** Sentences that have to hold (`true`), or may. */
const CHECKS: Record<Path, { key: string; text: string; isNeeded: boolean }[]> = {
  income: [
    { key: 'isJoint', text: 'Together with my spouse or spousal equivalent.', isNeeded: false },
    { key: 'expectsThisYear', text: 'I expect at least the same this year.', isNeeded: true },
  ],
  net_worth: [{ key: 'isJoint', text: 'Together with my spouse or spousal equivalent.', isNeeded: false }],
  licence: [],
  letter: [],
  entity: [{ key: 'isFormedForThis', text: 'The entity was formed to buy these securities.', isNeeded: false }],
  minimum_investment: [
    { key: 'isAccredited', text: 'I am, or the entity is, an accredited investor.', isNeeded: true },
    { key: 'isNotFinanced', text: 'No third party finances this investment.', isNeeded: true },
  ],
}

/** Says by which path one is accredited, with its figures. */
export function AccreditationForm({ onDone }: { onDone: () => void }) {
  const id = useId()
  const [path, setPath] = useState<Path>('income')
  return (
    <div className="flex flex-col gap-6">
      <ChoiceField
        legend="Choose what fits best"
        name={`${id}-path`}
        options={PATHS}
        value={path}
        onChoose={(next) => setPath(next as Path)}
      />
      <PathForm key={path} path={path} onDone={onDone} />
    </div>
  )
}

function PathForm({ path, onDone }: { path: Path; onDone: () => void }) {
  const id = useId()
  const step = useAccreditationStep()
  const [asOf, setAsOf] = useState(() => new Date().toISOString().slice(0, 10))
  const [texts, setTexts] = useState<Record<string, string>>({})
  const [checks, setChecks] = useState<Record<string, boolean>>({})
  const [isTold, setIsTold] = useState(false)
  const { inputs, read } = useAmounts(AMOUNTS[path], null)
  const [choice, text] = [CHOICES[path], TEXTS[path]]
  const lacks =
    CHECKS[path].some(({ key, isNeeded }) => isNeeded && !checks[key]) || (choice && !texts[choice.key]) || (text && !texts[text.key])
  const { busy, error, submit } = useSubmit(async () => {
    const amounts = read()
    if (lacks || amounts === null) return setIsTold(true)
    const ticked = Object.fromEntries(CHECKS[path].map(({ key }) => [key, checks[key] ?? false]))
    const { ownerCount, ...words } = texts
    await step('', { asOf, claim: { path, ...amounts, ...ticked, ...words, ...(ownerCount && { ownerCount: Number(ownerCount) }) } })
    onDone()
  })
  return (
    <form onSubmit={submit} className="grid gap-4 sm:grid-cols-2" noValidate aria-label="Claim">
      {choice && (
        <div className="sm:col-span-2">
          <ChoiceField
            legend={choice.legend}
            name={`${id}-choice`}
            options={choice.options}
            value={texts[choice.key]}
            onChoose={(value) => setTexts({ ...texts, [choice.key]: value })}
            problem={isTold && !texts[choice.key] ? 'Choose one.' : null}
          />
        </div>
      )}
      {inputs}
      {text && (
        <TextField
          label={text.label}
          autoComplete="off"
          value={texts[text.key] ?? ''}
          onChange={({ target }) => setTexts({ ...texts, [text.key]: target.value })}
          problem={isTold && !texts[text.key] ? 'Fill this in.' : null}
        />
      )}
      <TextField
        label="Day of the evidence"
        type="date"
        hint="The day the papers speak of; at most 60 days ago"
        value={asOf}
        onChange={({ target }) => setAsOf(target.value)}
      />
      <div className="flex flex-col gap-3 sm:col-span-2">
        {CHECKS[path].map(({ key, text: sentence }) => (
          <CheckField key={key} isChecked={checks[key] ?? false} onCheck={(isChecked) => setChecks({ ...checks, [key]: isChecked })}>
            {sentence}
          </CheckField>
        ))}
        {isTold && lacks && (
          <p className="text-sm font-semibold text-clay" role="alert">
            Something is still missing above.
          </p>
        )}
        {error !== null && <ErrorNotice error={error} />}
        <button type="submit" className="btn btn-main self-start" aria-disabled={busy}>
          {busy ? 'Sending…' : 'Go on'}
        </button>
      </div>
    </form>
  )
}
