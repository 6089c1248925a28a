import { Link, useLocation } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { User } from '../../common/wire.ts'
import { useSession } from '../app.tsx'
import { Notice } from './notice.tsx'
import { Bone, Skeleton } from './skeleton.tsx'

/** Shows its content to somebody signed in; everybody else learns why and where to sign in, and comes back here. */
export function RequireSession({ what, children }: { what: string; children: (user: User) => ReactNode }) {
  const session = useSession()
  const { href } = useLocation()
  if (session.kind === 'signed_in') return children(session.user)
  if (session.kind === 'checking') {
    return (
      <Skeleton what={what}>
        <Bone className="mt-6 h-40 w-full rounded-2xl" />
        <Bone className="mt-4 h-64 w-full rounded-2xl" />
      </Skeleton>
    )
  }
  return (
    <Notice tone="calm" title={session.why === 'expired' ? 'Your session is over' : `Sign in to see ${what}`}>
      <p>
        {session.why === 'unreachable'
          ? 'Terra Lumina can’t be reached right now. Reload the page, or sign in again.'
          : 'Looking at projects needs no account; this page is yours alone.'}
      </p>
      <p className="mt-4 flex flex-wrap gap-3">
        <Link to="/sign-in" search={{ next: href }} className="btn btn-main">
          Sign in
        </Link>
        <Link to="/register" search={{ next: href }} className="btn btn-line">
          Create an account
        </Link>
      </p>
    </Notice>
  )
}
