import { Link, Outlet, useRouter } from '@tanstack/react-router'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { useSession } from '../app.tsx'
import { Logo } from './logo.tsx'

const NAV =
  'flex min-h-11 items-center rounded-full px-3 font-medium text-ink hover:bg-mist data-[status=active]:bg-mist data-[status=active]:text-pine'

/** The frame around every page: skip link, navigation, connection state, footer. */
export function Shell() {
  const session = useSession()
  useArrival()
  return (
    <div className="flex min-h-dvh flex-col">
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:rounded-lg focus:bg-sheet focus:p-3">
        Skip to content
      </a>
      <header className="sticky top-0 z-10 border-b border-line bg-paper/95 backdrop-blur">
        <nav aria-label="Main" className="mx-auto flex max-w-6xl flex-wrap items-center gap-x-1 px-4 py-1.5 sm:flex-nowrap sm:py-2.5">
          <Link to="/" className="mr-auto flex min-h-11 items-center gap-2.5 pr-2 font-display text-lg font-semibold tracking-tight">
            <Logo /> Terra Lumina
          </Link>
          {session.kind === 'signed_in' ? (
            <Link to="/account" className={`${NAV} order-2 sm:order-5 sm:-mr-3`}>
              Account
            </Link>
          ) : (
            <Link
              to="/sign-in"
              className="btn btn-main order-2 min-h-11! px-4! sm:order-5 sm:ml-2"
              {...(session.kind === 'checking' && { 'aria-busy': true })}
            >
              Sign in
            </Link>
          )}
          <div className="order-4 -mx-3 flex w-full sm:mx-0 sm:w-auto">
            <Link to="/projects" className={NAV}>
              Projects
            </Link>
            <Link to="/portfolio" className={NAV}>
              Portfolio
            </Link>
            <Link to="/returns" className={NAV}>
              Returns
            </Link>
            {session.kind === 'signed_in' && session.user.permissions.includes('issuer.read') && (
              <Link to="/issuer" className={NAV}>
                Issuer
              </Link>
            )}
            {session.kind === 'signed_in' && session.user.permissions.includes('review.work') && (
              <Link to="/review" className={NAV}>
                Desk
              </Link>
            )}
          </div>
        </nav>
      </header>
      <Connection />
      <Announcer />
      <main id="main" tabIndex={-1} className="grow">
        <Outlet />
      </main>
      <footer className="mt-20 border-t border-line">
        <div className="mx-auto flex max-w-6xl flex-col gap-3 px-4 py-8 text-sm text-soft sm:flex-row sm:items-start sm:justify-between">
          <p className="max-w-prose">
            Investing in energy projects can lose money, and units can’t always be sold. Terra Lumina shows what the chain says; it doesn’t
            advise.
          </p>
          <p className="flex shrink-0 gap-5">
            <a className="link" href="/docs">
              API
            </a>
            <Link className="link" to="/projects">
              All projects
            </Link>
          </p>
        </div>
      </footer>
    </div>
  )
}

/** Says when the browser is offline; silent otherwise. */
function Connection() {
  const online = useSyncExternalStore(subscribeOnline, () => navigator.onLine)
  return (
    <div role="status" aria-live="polite">
      {!online && (
        <p className="bg-lumen-mist px-4 py-2 text-center text-lumen-ink">
          You are offline. What you see may be out of date, and nothing can be sent.
        </p>
      )}
    </div>
  )
}

function subscribeOnline(listener: () => void) {
  addEventListener('online', listener)
  addEventListener('offline', listener)
  return () => {
    removeEventListener('online', listener)
    removeEventListener('offline', listener)
  }
}

/** Reads the name of a page out when it opens, and again when it learns its own name. The first one the browser reads itself. */
function Announcer() {
  const [title, setTitle] = useState('')
  const first = useRef('')
  useEffect(() => {
    const read = () => {
      first.current ||= document.title
      if (document.title !== first.current || title) setTitle(document.title)
    }
    addEventListener('titled', read)
    return () => removeEventListener('titled', read)
  }, [title])
  return (
    <p role="status" className="sr-only">
      {title}
    </p>
  )
}

/** A new page starts at its top, with the focus on its content; changed filters leave both alone. */
function useArrival() {
  const router = useRouter()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ pathChanged, fromLocation }) => {
        if (!pathChanged || !fromLocation) return
        scrollTo({ top: 0, behavior: 'instant' })
        document.getElementById('main')?.focus({ preventScroll: true })
      }),
    [router],
  )
}
