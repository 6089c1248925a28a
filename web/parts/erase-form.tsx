import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ERASE_PHRASE } from '../../common/erase-phrase.ts'
import { useApi } from '../app.tsx'
import { isErasePhrase } from '../view/data-words.ts'
import { ErrorNotice } from './error-notice.tsx'
import { Notice } from './notice.tsx'
import { TextField } from './text-field.tsx'
import { useSubmit } from './use-submit.ts'

/** Erasing the account: said what goes and what stays, typed, and then proven in the dialog that the api asks for. */
export function EraseForm() {
  const api = useApi()
  const navigate = useNavigate()
  const [isOpen, setIsOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const [isMistyped, setIsMistyped] = useState(false)
  const { busy, error, submit } = useSubmit(async () => {
    if (!isErasePhrase(typed)) return setIsMistyped(true)
    await api.send('DELETE', '/users', { phrase: ERASE_PHRASE })
    api.session.signOut('signed_out')
    void navigate({ to: '/' })
  })
  return (
    <div>
      <h3>Erase my account</h3>
      <p className="mt-1 max-w-prose text-soft">Possible once no order is open and your wallet holds no units. It can’t be taken back.</p>
      {!isOpen && (
        <button type="button" className="btn btn-line mt-4" onClick={() => setIsOpen(true)}>
          Erase my account…
        </button>
      )}
      {isOpen && (
        <form onSubmit={submit} className="mt-4 flex max-w-prose flex-col gap-4" noValidate>
          <Notice tone="wait" title="What goes, and what stays">
            <p>
              Your e-mail, name, country, sign-ins, wallets and messages are erased. Orders and payments stay in the books under a number,
              as the law asks, and with them what they were decided by. What is on the blockchain can’t be erased by anybody; returns that
              wait for your wallet can still be claimed there.
            </p>
          </Notice>
          <TextField
            label={`Type “${ERASE_PHRASE}”`}
            autoComplete="off"
            autoCapitalize="none"
            value={typed}
            problem={isMistyped ? `Type “${ERASE_PHRASE}” to go on` : null}
            onChange={(event) => {
              setTyped(event.target.value)
              setIsMistyped(false)
            }}
          />
          <p className="flex flex-wrap gap-3">
            <button type="submit" className="btn btn-main" aria-disabled={busy}>
              {busy ? 'Erasing…' : 'Erase for ever'}
            </button>
            <button type="button" className="btn btn-quiet" onClick={() => setIsOpen(false)}>
              Keep my account
            </button>
          </p>
          {error !== null && <ErrorNotice error={error} />}
        </form>
      )}
    </div>
  )
}
