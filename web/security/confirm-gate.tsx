import { lazy, Suspense, useEffect, useState } from 'react'
import { useApi } from '../app.tsx'

const ConfirmDialog = lazy(() => import('./confirm-dialog.tsx').then((module) => ({ default: module.ConfirmDialog })))

/** Stands by for calls that need the person to confirm; the call goes on, or is given up, with the dialog. */
export function ConfirmGate() {
  const api = useApi()
  const [answer, setAnswer] = useState<((confirmed: boolean) => void) | null>(null)
  useEffect(() => {
    api.confirmBy(() => new Promise((resolve) => setAnswer(() => resolve)))
    return () => api.confirmBy(null)
  }, [api])
  if (!answer) return null
  return (
    <Suspense>
      <ConfirmDialog
        onEnd={(confirmed) => {
          setAnswer(null)
          answer(confirmed)
        }}
      />
    </Suspense>
  )
}
