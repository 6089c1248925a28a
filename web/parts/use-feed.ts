import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useApi, useSession } from '../app.tsx'
import { type FeedState, openFeed } from '../feed.ts'

/** Listens to the account's feed while the page is open; every hint makes what is on show be asked for again. */
export function useFeed(): FeedState {
  const api = useApi()
  const client = useQueryClient()
  const isSignedIn = useSession().kind === 'signed_in'
  const [state, setState] = useState<FeedState>('connecting')
  useEffect(() => {
    if (!isSignedIn) return
    const url = (ticket: string) => `${location.origin.replace(/^http/, 'ws')}/ws/portfolio?ticket=${encodeURIComponent(ticket)}`
    const feed = openFeed(api, url, {
      state: setState,
      hint: () => {
        for (const key of ['portfolio', 'investments', 'returns', 'me']) void client.invalidateQueries({ queryKey: [key] })
      },
    })
    return () => feed.stop()
  }, [api, client, isSignedIn])
  return state
}
