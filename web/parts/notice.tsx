import type { ReactNode } from 'react'
import type { Tone } from '../view/words.ts'

const TONES: Record<Tone, string> = {
  good: 'border-l-pine bg-mist',
  wait: 'border-l-lumen bg-lumen-mist',
  calm: 'border-l-river bg-river-mist',
  bad: 'border-l-clay bg-clay-mist',
}

/** A message in place: what happened and what to do. `alert` reads it out at once. */
export function Notice({ tone, title, alert = false, children }: { tone: Tone; title: string; alert?: boolean; children?: ReactNode }) {
  return (
    <div className={`my-4 rounded-xl border-l-4 px-4 py-3.5 ${TONES[tone]}`} {...(alert && { role: 'alert' })}>
      <p className="font-semibold">{title}</p>
      {children}
    </div>
  )
}
