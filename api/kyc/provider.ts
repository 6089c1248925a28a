import type { VendorEvent } from '../webhooks/inbox.ts'

/** Whom a check is about. */
export type KycSubject = { countryAlpha3: string; email: string | undefined } & (
  | {
      kind: 'person'
      firstName: string
      lastName: string
      /** YYYY-MM-DD */
      birthDate: string
    }
  | { kind: 'entity'; name: string; registrationNumber: string }
)

export interface StartedCheck {
  applicantRef: string
  checkRef: string
  /** The provider's own page, where documents are shown. */
  formUrl: string
}

/** How a check stands at the provider, and whose it is there. */
export interface CheckReading {
  state: 'started' | 'in_review' | 'approved' | 'rejected'
  applicantRef: string
}

/** Who checks identities. Everything outside the folder of an adapter speaks this and nothing else. */
export interface KycProvider {
  name: 'onfido' | 'sumsub'
  /** Whom it checks. */
  kinds: readonly KycSubject['kind'][]
  /** Orders a check and says where documents are shown. @throws AppError KYC_UNAVAILABLE when the provider doesn't answer as it should */
  startCheck(subject: KycSubject, redirectUrl: string): Promise<StartedCheck>
  /** @throws Error that carries no secret and no personal data */
  readCheck(check: { applicantRef: string; checkRef: string }): Promise<CheckReading>
  /** Checks an event's signature over its raw bytes and, where it is dated, its time on both sides. @throws AppError BAD_SIGNATURE, STALE_EVENT, WRONG_MODE, BAD_JSON */
  verifyEvent(given: { body: Buffer; headers: Record<string, string | string[] | undefined>; now: Date }): VendorEvent
  /** Which check an event is about; null when it is about something else. */
  checkRefOf(event: unknown): string | null
}

export interface KycProviders {
  /** Who gets new checks. */
  chosen: KycProvider
  /** All that are configured: checks are read where they were begun. */
  all: readonly KycProvider[]
}
