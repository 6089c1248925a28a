import type { Tone } from '../view/words.ts'

const TONES: Record<Tone, string> = {
  good: 'bg-mist text-pine',
  wait: 'bg-lumen-mist text-lumen-ink',
  calm: 'bg-river-mist text-river',
  bad: 'bg-clay-mist text-clay',
}

/** A state in one word. */
export function Chip({ tone, children, title }: { tone: Tone; children: React.ReactNode; title?: string }) {
  return (
    <span
      className={`inline-flex items-center rounded-full px-2.5 py-0.5 text-sm font-semibold whitespace-nowrap ${TONES[tone]}`}
      title={title}
    >
      {children}
    </span>
  )
}
