import type { Session, User } from '../common/wire.ts'

export type SessionState =
  | { kind: 'checking' }
  | { kind: 'anonymous'; why: 'never' | 'signed_out' | 'expired' | 'unreachable' }
  | { kind: 'signed_in'; user: User }

export type SessionStore = ReturnType<typeof createSessionStore>

/** Remembers only that there was a session, so that a visitor without one is never asked to renew it. */
const HINT = 'tl.session'

/** Who is signed in. The access token stays in memory; the refresh token is a cookie that scripts can't read. */
export function createSessionStore(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>) {
  let token: string | null = null
  let state: SessionState = readHint(storage) ? { kind: 'checking' } : { kind: 'anonymous', why: 'never' }
  const listeners = new Set<() => void>()

  function become(next: SessionState) {
    state = next
    for (const listener of listeners) listener()
  }

  return {
    state: () => state,
    accessToken: () => token,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    signIn(session: Session) {
      token = session.accessToken
      writeHint(storage, true)
      become({ kind: 'signed_in', user: session.user })
    },
    /** Newer facts about the same person. */
    update(user: User) {
      if (state.kind === 'signed_in' && state.user !== user) become({ kind: 'signed_in', user })
    },
    signOut(why: 'signed_out' | 'expired' | 'unreachable') {
      token = null
      if (why !== 'unreachable') writeHint(storage, false)
      become({ kind: 'anonymous', why })
    },
  }
}

// Storage may be forbidden by the browser's settings; the session then simply ends with the page.
function readHint(storage: Pick<Storage, 'getItem'>) {
  try {
    return storage.getItem(HINT) === '1'
  } catch {
    return false
  }
}

function writeHint(storage: Pick<Storage, 'setItem' | 'removeItem'>, on: boolean) {
  try {
    if (on) storage.setItem(HINT, '1')
    else storage.removeItem(HINT)
  } catch {
    return
  }
}
