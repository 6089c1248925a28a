import { useMemo, useState } from 'react'
import { encode } from 'uqr'
import type { TotpSetup } from '../../common/wire-factors.ts'
import { ErrorNotice } from '../parts/error-notice.tsx'
import { TextField } from '../parts/text-field.tsx'
import { useSubmit } from '../parts/use-submit.ts'
import { inGroups, qrPath } from '../view/qr-path.ts'

type Props = { setup: TotpSetup; onCode: (code: string) => Promise<void>; onCancel: () => void }

/** Shows the secret as a picture and as text, and asks for the first code. */
export function TotpSetupForm({ setup, onCode, onCancel }: Props) {
  const [code, setCode] = useState('')
  const { busy, error, submit } = useSubmit(() => onCode(code))
  return (
    <form onSubmit={submit} className="card grid gap-6 p-5 sm:grid-cols-[auto_1fr]">
      <QrCode text={setup.uri} />
      <div className="flex flex-col gap-4">
        <p>
          Scan the picture with your authenticator app. On this phone,{' '}
          <a href={setup.uri} className="link">
            open the app
          </a>
          , or type the key:
          <span className="mt-1 block font-mono text-sm break-words select-all">{inGroups(setup.secret)}</span>
        </p>
        <TextField
          label="Code the app shows"
          isCode
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          minLength={6}
          maxLength={7}
          value={code}
          onChange={(event) => setCode(event.target.value.replace(/\s/g, ''))}
        />
        <div className="flex flex-wrap gap-3">
          <button type="submit" className="btn btn-main" aria-disabled={busy}>
            {busy ? 'One moment…' : 'Confirm'}
          </button>
          <button type="button" className="btn btn-quiet" onClick={onCancel}>
            Not now
          </button>
        </div>
        {error !== null && <ErrorNotice error={error} />}
      </div>
    </form>
  )
}

/** Black on white in every theme: cameras want it so. */
function QrCode({ text }: { text: string }) {
  const { size, path } = useMemo(() => {
    const { size, data } = encode(text, { ecc: 'M', border: 4 })
    return { size, path: qrPath(data) }
  }, [text])
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="QR code with the key for the authenticator app"
      shapeRendering="crispEdges"
      className="mx-auto size-52 rounded-lg"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
