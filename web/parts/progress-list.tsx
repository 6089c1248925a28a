import type { Step } from '../view/progress.ts'

const SIGN: Record<Step['state'], { mark: string; word: string; look: string }> = {
  done: { mark: '✓', word: 'done', look: 'bg-pine text-on-pine' },
  now: { mark: '●', word: 'under way', look: 'bg-lumen-mist text-lumen-ink pulse' },
  todo: { mark: '', word: 'to come', look: 'bg-mist' },
  failed: { mark: '✗', word: 'failed', look: 'bg-clay-mist text-clay' },
}

/** Steps in their order, each with its state as a sign and as a word. */
export function ProgressList({ steps }: { steps: Step[] }) {
  return (
    <ol className="mt-8" aria-label="Progress">
      {steps.map((step, index) => (
        <li key={step.key} className="relative flex gap-4 pb-6 last:pb-0" {...(step.state === 'now' && { 'aria-current': 'step' })}>
          {index < steps.length - 1 && (
            <span
              aria-hidden="true"
              className={`absolute top-8 bottom-0 left-4 w-0.5 -translate-x-1/2 ${step.state === 'done' ? 'bg-pine' : 'bg-line'}`}
            />
          )}
          <span
            aria-hidden="true"
            className={`relative flex size-8 shrink-0 items-center justify-center rounded-full font-bold ${SIGN[step.state].look}`}
          >
            {SIGN[step.state].mark}
          </span>
          <span className={step.state === 'todo' ? 'text-soft' : ''}>
            <strong>{step.title}</strong>
            <span className="sr-only">, {SIGN[step.state].word}</span>
            <span className="block text-sm text-soft">{step.meaning}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
