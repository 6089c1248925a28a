import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { FactorChange, Factors } from '../../common/wire-factors.ts'
import { useApi, useTitle } from '../app.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { QueryPart } from '../parts/query-part.tsx'
import { RequireSession } from '../parts/require-session.tsx'
import { SessionList } from '../parts/session-list.tsx'
import { factorsQuery } from '../queries.ts'
import { PasskeySection } from '../security/passkey-section.tsx'
import { PasswordSection } from '../security/password-section.tsx'
import { NewRecoveryCodes, RecoverySection } from '../security/recovery-section.tsx'
import { TotpSection } from '../security/totp-section.tsx'
import { methodsOf } from '../view/factor-methods.ts'

/** How the account is signed in to, and where it is. */
export function Security() {
  useTitle('Security')
  return (
    <Page title="Security" lead="How your account is signed in to, and where it is.">
      <p className="mt-2">
        <Link to="/account" className="link">
          Back to your account
        </Link>
      </p>
      <RequireSession what="the security of your account">{(user) => <Shown hasPassword={user.email !== null} />}</RequireSession>
    </Page>
  )
}

function Shown({ hasPassword }: { hasPassword: boolean }) {
  const api = useApi()
  const client = useQueryClient()
  const query = useQuery(factorsQuery(api))
  const [newCodes, setNewCodes] = useState<string[]>([])
  const onChange = ({ factors, recoveryCodes }: FactorChange) => {
    client.setQueryData(factorsQuery(api).queryKey, factors)
    if (recoveryCodes.length > 0 || factors.recoveryCodesLeft === 0) setNewCodes(recoveryCodes)
  }
  return (
    <div className="mt-6 flex flex-col gap-12">
      {newCodes.length > 0 && <NewRecoveryCodes codes={newCodes} onKept={() => setNewCodes([])} />}
      <QueryPart query={query} what="your second factors" isEmpty={() => false} empty={null}>
        {(factors) => <FactorSections factors={factors} onChange={onChange} />}
      </QueryPart>
      {hasPassword && <PasswordSection />}
      <SessionList />
    </div>
  )
}

function FactorSections({ factors, onChange }: { factors: Factors; onChange: (change: FactorChange) => void }) {
  const isMissing = factors.isRequired && methodsOf(factors).length === 0
  return (
    <>
      {isMissing && (
        <Notice tone="wait" title="Your role needs a second factor">
          <p>Set up an authenticator app or a passkey; until then everything else stays closed.</p>
        </Notice>
      )}
      <PasskeySection factors={factors} onChange={onChange} />
      <TotpSection factors={factors} onChange={onChange} />
      {methodsOf(factors).length > 0 && <RecoverySection factors={factors} onChange={onChange} />}
    </>
  )
}
