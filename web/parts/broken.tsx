import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { Notice } from './notice.tsx'

/** What a page shows when its own code failed, for instance because a newer version replaced the files it needs. */
export function Broken({ error }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <div className="mx-auto max-w-2xl px-4 py-14">
      <h1>This page didn’t load</h1>
      <Notice tone="bad" title="Something in the page itself failed">
        <p>Reload it; a newer version may be waiting. Nothing you did is lost.</p>
        <p className="mt-1 text-sm">Details: {String(error instanceof Error ? error.message : error).slice(0, 200)}</p>
        <p className="mt-4 flex flex-wrap gap-3">
          <button type="button" className="btn btn-main" onClick={() => location.reload()}>
            Reload
          </button>
          <button type="button" className="btn btn-line" onClick={() => router.navigate({ to: '/' })}>
            Start page
          </button>
        </p>
      </Notice>
    </div>
  )
}
