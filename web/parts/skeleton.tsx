/** The waiting state: grey forms of the final size, and one sentence for screen readers. */
export function Skeleton({ what, children }: { what: string; children: React.ReactNode }) {
  return (
    <div aria-busy="true">
      <p className="sr-only" role="status">
        Loading {what}…
      </p>
      <div aria-hidden="true">{children}</div>
    </div>
  )
}

export function Bone({ className = 'h-5 w-40' }: { className?: string }) {
  return <div className={`skeleton ${className}`} />
}
