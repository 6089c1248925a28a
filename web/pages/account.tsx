import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import type { User } from '../../common/wire.ts'
import { useApi, useTitle } from '../app.tsx'
import { DataSection } from '../parts/data-section.tsx'
import { EcspSection } from '../parts/ecsp-section.tsx'
import { EmailNotice } from '../parts/email-notice.tsx'
import { FinancesSection } from '../parts/finances-form.tsx'
import { IdentityStep } from '../parts/identity-step.tsx'
import { Notice } from '../parts/notice.tsx'
import { OnboardingItem } from '../parts/onboarding-item.tsx'
import { Page } from '../parts/page.tsx'
import { RequireSession } from '../parts/require-session.tsx'
import { Section } from '../parts/section.tsx'
import { useFeed } from '../parts/use-feed.ts'
import { WalletStep } from '../parts/wallet-step.tsx'
import { meQuery } from '../queries.ts'
import { isReady, isWaiting, onboarding } from '../view/onboarding.ts'

/** The way to a first investment, and what the person told us. */
export function Account() {
  useTitle('Your account')
  return (
    <Page title="Your account">
      <RequireSession what="your account">{(user) => <Shown user={user} />}</RequireSession>
    </Page>
  )
}

function Shown({ user: atSignIn }: { user: User }) {
  const api = useApi()
  const navigate = useNavigate()
  useFeed()
  const user = useQuery({
    ...meQuery(api),
    initialData: atSignIn,
    initialDataUpdatedAt: 0,
    refetchInterval: ({ state }) => (state.data && isWaiting(state.data) ? 2_500 : false),
  }).data
  const steps = onboarding(user)
  const stateOf = (key: string) => steps.find((step) => step.key === key)?.state ?? 'todo'

  async function signOut() {
    await api.send('POST', '/auth/logout', {}).catch(() => undefined)
    api.session.signOut('signed_out')
    void navigate({ to: '/' })
  }

  return (
    <div className="mt-6 flex flex-col gap-12">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-soft">
          Signed in {user.email ? `as ${user.email}` : 'with your wallet'}
          {user.displayName && ` · ${user.displayName}`}
        </p>
        <button type="button" className="btn btn-line" onClick={signOut}>
          Sign out
        </button>
      </div>
      <EmailNotice user={user} />
      <Section title="Ready to invest?">
        {isReady(user) && (
          <Notice tone="good" title="You are all set">
            <p>
              Your wallet can receive units.{' '}
              <Link to="/projects" className="link">
                Choose a project
              </Link>
              .
            </p>
          </Notice>
        )}
        <ol className="flex flex-col gap-4">
          <OnboardingItem number={1} title="Account" state={stateOf('account')}>
            <p className="text-soft">Made. Looking, saving and asking need nothing more.</p>
          </OnboardingItem>
          <OnboardingItem number={2} title="Wallet" state={stateOf('wallet')}>
            <WalletStep user={user} />
          </OnboardingItem>
          <OnboardingItem number={3} title="Identity" state={stateOf('identity')}>
            <IdentityStep user={user} />
          </OnboardingItem>
          <OnboardingItem number={4} title="Registered on the chain" state={stateOf('chain')}>
            <p className="text-soft">
              {stateOf('chain') === 'done'
                ? 'The ledger knows your wallet and lets it receive units.'
                : stateOf('chain') === 'waiting'
                  ? 'We are telling the ledger that your wallet may receive units. This takes under a minute; the page updates by itself.'
                  : 'Follows by itself once your wallet is linked and your identity is verified.'}
            </p>
          </OnboardingItem>
        </ol>
      </Section>
      <Section title="Other wallets">
        <p className="max-w-prose text-soft">
          Keep other addresses in view, on Ethereum, Solana or Bitcoin, and prove that they are yours.
        </p>
        <p className="mt-4">
          <Link to="/account/wallets" className="btn btn-line">
            Go to your other wallets
          </Link>
        </p>
      </Section>
      <FinancesSection />
      <Section title="Accredited investor">
        <p className="max-w-prose text-soft">
          Offerings under Rule 506(c) in the United States are for accredited investors only, and other limits don’t hold for them.
        </p>
        <p className="mt-4">
          <Link to="/account/accreditation" className="btn btn-line">
            Show that you are one
          </Link>
        </p>
      </Section>
      <EcspSection />
      <Section title="Security">
        <p className="max-w-prose text-soft">Password, second factors, passkeys, recovery codes, and where you are signed in.</p>
        <p className="mt-4">
          <Link to="/account/security" className="btn btn-line">
            Go to security
          </Link>
        </p>
      </Section>
      <DataSection />
    </div>
  )
}
