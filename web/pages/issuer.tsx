import { useQuery } from '@tanstack/react-query'
import type { User } from '../../common/wire.ts'
import { useApi, useTitle } from '../app.tsx'
import { InvitationSection } from '../issuer/invitation-section.tsx'
import { MemberSection } from '../issuer/member-section.tsx'
import { SettingsSection } from '../issuer/settings-section.tsx'
import { TermsSection } from '../issuer/terms-section.tsx'
import { Notice } from '../parts/notice.tsx'
import { Page } from '../parts/page.tsx'
import { QueryPart } from '../parts/query-part.tsx'
import { RequireSession } from '../parts/require-session.tsx'
import { issuerQuery } from '../queries.ts'

/** An issuer as its own members see it: who acts for it, how it shows itself, what was agreed. */
export function IssuerPage() {
  useTitle('Your issuer')
  return (
    <Page title="Your issuer" lead="Who acts for it, how it shows itself, and what was agreed with Terra Lumina.">
      <RequireSession what="your issuer">{(user) => (user.issuerId === null ? <NoIssuer /> : <Shown user={user} />)}</RequireSession>
    </Page>
  )
}

function NoIssuer() {
  return (
    <Notice tone="calm" title="Your account acts for no issuer">
      <p>Somebody who does can invite you by e-mail. To list projects of your own organisation, write to us.</p>
    </Notice>
  )
}

function Shown({ user }: { user: User }) {
  const issuer = useQuery(issuerQuery(useApi()))
  const manages = user.permissions.includes('issuer.manage')
  return (
    <QueryPart query={issuer} what="your issuer" isEmpty={() => false} empty={null}>
      {(shown) => (
        <div className="mt-8 flex flex-col gap-12">
          <p className="-mb-6 text-lg font-semibold">{shown.name}</p>
          <MemberSection viewerId={user.id} manages={manages} />
          {manages && <InvitationSection />}
          <SettingsSection key={shown.settings.version} settings={shown.settings} manages={manages} />
          <TermsSection issuer={shown} />
        </div>
      )}
    </QueryPart>
  )
}
