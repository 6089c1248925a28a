import { useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Network, OutsideChallenge, OutsideWallet } from '../../common/wire-wallets.ts'
import { useApi } from '../app.tsx'
import { outsideWalletsQuery } from '../queries.ts'
import { NETWORKS } from '../view/networks.ts'
import { CheckField } from './check-field.tsx'
import { ChoiceField } from './choice-field.tsx'
import { ErrorNotice } from './error-notice.tsx'
import { TextField } from './text-field.tsx'
import { useSubmit } from './use-submit.ts'

const OPTIONS = Object.entries(NETWORKS).map(([id, text]) => ({ id, text }))

/** Adds an address: to be watched at once, or to be proven by signing a text with its wallet and pasting the signature. */
export function AddressForm() {
  const api = useApi()
  const client = useQueryClient()
  const id = useId()
  const [network, setNetwork] = useState<Network>('evm')
  const [address, setAddress] = useState('')
  const [label, setLabel] = useState('')
  const [isMine, setIsMine] = useState(false)
  const [challenge, setChallenge] = useState<OutsideChallenge | null>(null)
  const [signature, setSignature] = useState('')
  const { busy, error, submit } = useSubmit(async () => {
    const about = { network, address: address.trim() }
    const named = label.trim() === '' ? about : { ...about, label: label.trim() }
    if (isMine && network !== 'evm' && challenge === null)
      return setChallenge(await api.send<OutsideChallenge>('POST', '/wallets/outside/challenge', about))
    const list =
      challenge === null
        ? await api.send<OutsideWallet[]>('POST', '/wallets/outside', named)
        : // Whether it is taken or not, the challenge is used up.
          await api
            .send<OutsideWallet[]>('POST', '/wallets/outside/prove', { ...named, nonce: challenge.nonce, signature: signature.trim() })
            .finally(() => {
              setChallenge(null)
              setSignature('')
            })
    client.setQueryData(outsideWalletsQuery(api).queryKey, list)
    setAddress('')
    setLabel('')
    setIsMine(false)
  })
  const begin = (change: () => void) => {
    change()
    setChallenge(null)
  }
  return (
    <form onSubmit={submit} className="flex max-w-prose flex-col gap-4" noValidate aria-label="New address">
      <ChoiceField
        legend="Network"
        name={`${id}-network`}
        options={OPTIONS}
        value={network}
        onChoose={(next) => begin(() => setNetwork(next as Network))}
      />
      <TextField
        label="Address"
        isCode
        autoComplete="off"
        spellCheck={false}
        value={address}
        onChange={({ target }) => begin(() => setAddress(target.value))}
      />
      <TextField
        label="Name for it (optional)"
        autoComplete="off"
        maxLength={60}
        value={label}
        onChange={({ target }) => setLabel(target.value)}
      />
      {network !== 'evm' && (
        <CheckField isChecked={isMine} onCheck={(next) => begin(() => setIsMine(next))}>
          It is mine, and I can sign with it.
        </CheckField>
      )}
      {challenge && (
        <>
          <div>
            <p className="font-semibold">Sign exactly this text with that address</p>
            <pre className="card mt-1 select-all p-4 text-sm break-words whitespace-pre-wrap">{challenge.message}</pre>
          </div>
          <TextField
            label="Signature"
            isCode
            autoComplete="off"
            spellCheck={false}
            hint="As your wallet shows it; the text is good for five minutes"
            value={signature}
            onChange={({ target }) => setSignature(target.value)}
          />
        </>
      )}
      {error !== null && <ErrorNotice error={error} />}
      <button type="submit" className="btn btn-main self-start" aria-disabled={busy}>
        {busy ? 'Sending…' : challenge ? 'Prove it' : isMine && network !== 'evm' ? 'Show the text to sign' : 'Watch it'}
      </button>
    </form>
  )
}
