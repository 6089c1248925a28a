import { useState } from 'react'
import type { EcspStanding } from '../../common/wire-ecsp.ts'
import { testSentence } from '../view/ecsp-words.ts'
import { CheckField } from './check-field.tsx'
import { ChoiceField } from './choice-field.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { Moment } from './moment.tsx'
import { Notice } from './notice.tsx'
import { useEcspStep } from './use-ecsp-step.ts'
import { useSubmit } from './use-submit.ts'

/** The entry knowledge test: taken or declined, and the warning that follows when it wasn't passed. */
export function KnowledgeTestPart({ standing }: { standing: EcspStanding }) {
  const [isOpen, setIsOpen] = useState(false)
  const { test } = standing
  const isNeeded = test === null || new Date(test.validUntil) <= new Date()
  return (
    <div className="card p-5">
      <h3>Knowledge test</h3>
      <p className="mt-1 text-soft" role="status">
        {testSentence(test, standing.questionCount)}
        {test !== null && (
          <>
            {' '}
            Taken on <Moment at={test.takenAt} dayOnly />; it holds until <Moment at={test.validUntil} dayOnly />.
          </>
        )}
      </p>
      {test !== null && test.result !== 'passed' && test.warnedAt === null && <Warning text={standing.warning} />}
      {isOpen ? (
        <TestForm standing={standing} />
      ) : (
        <div className="mt-4">
          <button type="button" className={`btn ${isNeeded ? 'btn-main' : 'btn-line'}`} onClick={() => setIsOpen(true)}>
            {test === null ? 'See the questions' : 'Take it again'}
          </button>
        </div>
      )}
    </div>
  )
}

function TestForm({ standing }: { standing: EcspStanding }) {
  const step = useEcspStep()
  const [answers, setAnswers] = useState<Record<string, string>>({})
  const [isChecked, setIsChecked] = useState(false)
  const isComplete = standing.questions.every(({ id }) => answers[id] !== undefined)
  const { busy, error, submit } = useSubmit(async () => {
    setIsChecked(true)
    if (isComplete) await step('test', { answers })
  })
  const declined = useSubmit(() => step('test', { answers: null }))
  return (
    <form onSubmit={submit} className="mt-5 flex flex-col gap-6" noValidate>
      {standing.questions.map(({ id, text, options }) => (
        <ChoiceField
          key={id}
          legend={text}
          name={`question-${id}`}
          options={options}
          value={answers[id]}
          onChoose={(option) => setAnswers({ ...answers, [id]: option })}
          problem={isChecked && answers[id] === undefined ? 'Choose an answer' : null}
        />
      ))}
      <p className="text-sm text-soft">{standing.citation}</p>
      <div className="flex flex-wrap gap-3">
        <button type="submit" className="btn btn-main" aria-disabled={busy}>
          {busy ? 'Sending…' : 'Send my answers'}
        </button>
        <button type="button" className="btn btn-line" aria-disabled={declined.busy} onClick={declined.submit}>
          I’d rather not answer
        </button>
      </div>
      {isChecked && !isComplete && (
        <p className="text-sm font-semibold text-clay" role="alert">
          Some questions are still open.
        </p>
      )}
      {(error ?? declined.error) !== null && <ErrorNotice error={error ?? declined.error} />}
    </form>
  )
}

function Warning({ text }: { text: string }) {
  const step = useEcspStep()
  const [isRead, setIsRead] = useState(false)
  const { busy, error, submit } = useSubmit(async () => {
    if (isRead) await step('test/acknowledge')
  })
  return (
    <form onSubmit={submit} className="mt-4">
      <Notice tone="wait" title="Risk warning">
        <p>{text}</p>
        <CheckField className="mt-3" isChecked={isRead} onCheck={setIsRead}>
          I have received this warning and understood it.
        </CheckField>
        <button type="submit" className="btn btn-main mt-3" aria-disabled={busy || !isRead}>
          {busy ? 'Saving…' : 'Confirm the warning'}
        </button>
        {error !== null && <ErrorNotice error={error} />}
      </Notice>
    </form>
  )
}
