import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { ReviewCaseDetail } from '../../common/wire-review.ts'
import { ApiError } from '../api.ts'
import { useApi } from '../app.tsx'
import { reviewCaseQuery } from '../queries.ts'
import { type CaseMove, moveOf, outcomeWords } from '../view/review-words.ts'
import { ChoiceField } from './choice-field.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Moment } from './moment.tsx'
import { Notice } from './notice.tsx'
import { Section } from './section.tsx'
import { useSubmit } from './use-submit.ts'

/** Deciding on a case, as far as it is the viewer's turn. */
export function CaseDecision({ found, viewerId }: { found: ReviewCaseDetail; viewerId: string }) {
  const move = moveOf(found, viewerId)
  // Outlives the form, which begins anew with each version of the case.
  const [conflict, setConflict] = useState<unknown>(null)
  return (
    <Section title="Decision">
      {conflict !== null && <ErrorNotice error={conflict} />}
      {found.decision && (
        <Notice tone="calm" title={`${outcomeWords(found.kind, found.decision.outcome).done} by ${found.decision.by.email ?? 'staff'}`}>
          <p>{found.decision.reason}</p>
          <p className="text-sm text-soft">
            <Moment at={found.decision.at} />. This is final.
          </p>
        </Notice>
      )}
      {found.proposal && (
        <Notice
          tone="wait"
          title={`${found.proposal.by.email ?? 'Staff'} proposes: ${outcomeWords(found.kind, found.proposal.outcome).done.toLowerCase()}`}
        >
          <p>{found.proposal.reason}</p>
          {move === 'wait' && <p>Somebody else has to confirm it. You can take it back until then.</p>}
        </Notice>
      )}
      {move === 'nothing' && !found.decision && <p>This case is about you: somebody else decides on it.</p>}
      {move !== 'nothing' && <DecisionForm key={found.version} found={found} move={move} onConflict={setConflict} />}
    </Section>
  )
}

function DecisionForm({ found, move, onConflict }: { found: ReviewCaseDetail; move: CaseMove; onConflict: (error: unknown) => void }) {
  const api = useApi()
  const client = useQueryClient()
  const id = useId()
  const [outcome, setOutcome] = useState<string>()
  const [reason, setReason] = useState('')
  const [deed, setDeed] = useState<'propose' | 'confirm' | 'return'>(
    move === 'propose' ? 'propose' : move === 'confirm' ? 'confirm' : 'return',
  )
  const isMissing = reason.trim().length < 10 || (deed === 'propose' && outcome === undefined)
  const [isTold, setTold] = useState(false)
  const key = reviewCaseQuery(api, found.id).queryKey
  const { busy, error, submit } = useSubmit(async () => {
    if (isMissing) return setTold(true)
    onConflict(null)
    try {
      const body = { version: found.version, reason: reason.trim(), ...(deed === 'propose' && { outcome }) }
      client.setQueryData(key, await api.send<ReviewCaseDetail>('POST', `/review/cases/${found.id}/${deed}`, body))
      await client.invalidateQueries({ queryKey: ['review', 'list'] })
    } catch (caught) {
      if (!(caught instanceof ApiError && STALE.has(caught.code))) throw caught
      // What it was decided on is no longer so: the page shows how it stands, and says so.
      onConflict(caught)
      await client.invalidateQueries({ queryKey: key })
    }
  })
  return (
    <form className="mt-4 flex max-w-prose flex-col gap-5" onSubmit={submit} noValidate>
      {move === 'propose' && (
        <ChoiceField
          legend="How does it end?"
          name={`${id}-outcome`}
          options={found.outcomes.map((name) => ({
            id: name,
            text: outcomeWords(found.kind, name).verb + (found.fourEyes.includes(name) ? ' (a second person confirms)' : ''),
          }))}
          value={outcome}
          onChoose={setOutcome}
          problem={isTold && outcome === undefined ? 'Choose one.' : null}
        />
      )}
      {move === 'confirm' && (
        <ChoiceField
          legend="Do you agree?"
          name={`${id}-deed`}
          options={[
            { id: 'confirm', text: 'Yes: confirm it. That is final' },
            { id: 'return', text: 'No: return the case' },
          ]}
          value={deed}
          onChoose={(next) => setDeed(next as 'confirm' | 'return')}
        />
      )}
      <div>
        <label htmlFor={id} className="mb-1 block font-semibold">
          Why
        </label>
        <textarea
          id={id}
          className="field min-h-28"
          maxLength={2_000}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
          aria-describedby={`${id}-hint`}
          {...(isTold && reason.trim().length < 10 && { 'aria-invalid': true })}
        />
        <p
          id={`${id}-hint`}
          className={isTold && reason.trim().length < 10 ? 'mt-1 text-sm font-semibold text-clay' : 'mt-1 text-sm text-soft'}
        >
          At least ten characters; kept with the decision for ever.
        </p>
      </div>
      {error !== null && <ErrorNotice error={error} />}
      <button type="submit" className="btn btn-main self-start" aria-disabled={busy}>
        {busy ? 'Sending…' : SUBMIT[deed]}
      </button>
    </form>
  )
}

const STALE = new Set(['CASE_CHANGED', 'CASE_DECIDED', 'FOUR_EYES'])
const SUBMIT = { propose: 'Decide', confirm: 'Confirm', return: 'Return the case' }
