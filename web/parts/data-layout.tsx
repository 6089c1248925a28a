import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { ApiError } from '../api.ts'
import { ConfirmGate } from '../security/confirm-gate.tsx'

/** Gives the pages below one cache of what the api said. */
export function DataLayout() {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: {
          queries: {
            staleTime: 5_000,
            // A refusal stays a refusal; only what may pass is tried again.
            retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
          },
        },
      }),
  )
  return (
    <QueryClientProvider client={client}>
      <Outlet />
      <ConfirmGate />
    </QueryClientProvider>
  )
}
