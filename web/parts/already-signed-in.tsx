import { Link } from '@tanstack/react-router'
import type { User } from '../../common/wire.ts'
import { Page } from './page.tsx'

/** What the doors show to somebody who is inside already. */
export function AlreadySignedIn({ user, next }: { user: User; next: string | null }) {
  return (
    <Page title="You are signed in" lead={user.email ?? user.displayName ?? 'With your wallet.'}>
      <p className="mt-6 flex flex-wrap gap-3">
        {next ? (
          <a href={next} className="btn btn-main">
            Go on
          </a>
        ) : (
          <Link to="/account" className="btn btn-main">
            Go to your account
          </Link>
        )}
        <Link to="/projects" className="btn btn-line">
          See the projects
        </Link>
      </p>
    </Page>
  )
}
