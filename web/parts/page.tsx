import type { ReactNode } from 'react'

/** The measure and the heading of an ordinary page. */
export function Page({ title, lead, wide = false, children }: { title: string; lead?: ReactNode; wide?: boolean; children: ReactNode }) {
  return (
    <div className={`mx-auto px-4 pt-10 ${wide ? 'max-w-6xl' : 'max-w-3xl'}`}>
      <h1>{title}</h1>
      {lead && <p className="mt-3 max-w-prose text-lg text-soft">{lead}</p>}
      {children}
    </div>
  )
}
