import { Link } from '@tanstack/react-router'
import { ApiError } from '../api.ts'
import { explain, type WayOut } from '../view/explain.ts'
import { Notice } from './notice.tsx'

const LINKS: Partial<Record<WayOut, { to: '/sign-in' | '/account' | '/account/security' | '/projects' | '/portfolio'; label: string }>> = {
  'sign-in': { to: '/sign-in', label: 'Sign in' },
  account: { to: '/account', label: 'Go to your account' },
  security: { to: '/account/security', label: 'Go to security' },
  explore: { to: '/projects', label: 'See all projects' },
  portfolio: { to: '/portfolio', label: 'Go to your portfolio' },
}

/** The error state of a page or a form: by code, with the way out. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, help, wayOut, code } = explain(error)
  const link = LINKS[wayOut]
  const requestId = error instanceof ApiError ? error.requestId : null
  return (
    <Notice tone="bad" title={title} alert>
      <p>{help}</p>
      {(link || onRetry) && (
        <p className="mt-3 flex flex-wrap gap-3">
          {link && (
            <Link to={link.to} className="btn btn-line">
              {link.label}
            </Link>
          )}
          {onRetry && wayOut === 'retry' && (
            <button type="button" className="btn btn-line" onClick={onRetry}>
              Try again
            </button>
          )}
        </p>
      )}
      {requestId && (
        <p className="mt-2 text-sm text-soft">
          {code} · request {requestId}
        </p>
      )}
    </Notice>
  )
}
