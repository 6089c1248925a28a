import type { ReactNode } from 'react'
import type { OnboardingStep } from '../view/onboarding.ts'
import { Chip } from './chip.tsx'

const WORDS: Record<OnboardingStep['state'], { word: string; tone: 'good' | 'wait' | 'calm' | 'bad' }> = {
  done: { word: 'Done', tone: 'good' },
  now: { word: 'Your turn', tone: 'wait' },
  waiting: { word: 'Under way', tone: 'wait' },
  todo: { word: 'Later', tone: 'calm' },
  failed: { word: 'Needs you', tone: 'bad' },
}

/** One step of the checklist. The state is said in a word, never by colour alone, and read out as it changes. */
export function OnboardingItem({
  number,
  title,
  state,
  children,
}: {
  number: number
  title: string
  state: OnboardingStep['state']
  children: ReactNode
}) {
  const { word, tone } = WORDS[state]
  return (
    <li className="card flex gap-4 p-5">
      <span
        aria-hidden="true"
        className={`numbers flex size-9 shrink-0 items-center justify-center rounded-full font-display text-lg font-semibold ${state === 'done' ? 'bg-pine text-on-pine' : 'bg-mist text-ink'}`}
      >
        {state === 'done' ? '✓' : number}
      </span>
      <div className="min-w-0 grow">
        <div className="flex flex-wrap items-center justify-between gap-2 pb-2">
          <h3>{title}</h3>
          <span role="status">
            <Chip tone={tone}>{word}</Chip>
          </span>
        </div>
        {children}
      </div>
    </li>
  )
}
