import { type ReactNode, useId } from 'react'

/** A named part of a page. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 id={id}>{title}</h2>
        {aside && <div className="text-sm text-soft">{aside}</div>}
      </div>
      <div className="mt-4">{children}</div>
    </section>
  )
}
