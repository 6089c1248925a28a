import { createContext, type ReactNode, use, useEffect, useSyncExternalStore } from 'react'
import type { Api } from './api.ts'
import type { SessionState } from './session.ts'

const ApiContext = createContext<Api | null>(null)

/** Hands the one api client to every page below. */
export function ApiProvider({ api, children }: { api: Api; children: ReactNode }) {
  return <ApiContext value={api}>{children}</ApiContext>
}

export function useApi(): Api {
  const api = use(ApiContext)
  if (!api) throw new Error('useApi outside ApiProvider')
  return api
}

/** Who is signed in, live. */
export function useSession(): SessionState {
  const { session } = useApi()
  return useSyncExternalStore(session.subscribe, session.state)
}

/** Names the page in the tab; the shell reads the name out. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Terra Lumina`
    dispatchEvent(new Event('titled'))
  }, [title])
}
