import { type FormEvent, useState } from 'react'

/** The sending of a form: once at a time, and what went wrong the last time. */
export function useSubmit(send: () => Promise<void>): { busy: boolean; error: unknown; submit: (event: FormEvent) => Promise<void> } {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  async function submit(event: FormEvent) {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setError(null)
    try {
      await send()
    } catch (caught) {
      setError(caught)
    } finally {
      setBusy(false)
    }
  }

  return { busy, error, submit }
}
