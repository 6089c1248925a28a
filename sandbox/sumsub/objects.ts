import { randomBytes } from 'node:crypto'

/** An applicant as Sumsub answers with it, cut to what its documentation names and we use. */
export interface SumsubApplicant {
  id: string
  createdAt: string
  key: string
  clientId: string
  inspectionId: string
  externalUserId: string
  type: 'individual' | 'company'
  email?: string
  fixedInfo: {
    firstName?: string
    lastName?: string
    dob?: string
    country?: string
    companyInfo?: { companyName: string; registrationNumber?: string; country: string }
  }
  review: {
    levelName: string
    createDate: string
    reviewStatus: 'init' | 'pending' | 'completed'
    reviewDate?: string
    reviewResult?: { reviewAnswer: 'GREEN' | 'RED'; rejectLabels?: string[]; reviewRejectType?: 'FINAL' | 'RETRY' }
  }
  /** Not on the wire: the link to the page, and where that leads back to. */
  link?: { id: string; successUrl?: string; rejectUrl?: string }
}

/** 24 hex digits, as Sumsub's ids are. */
export function sumsubId(): string {
  return randomBytes(12).toString('hex')
}

/** "2026-11-28 12:00:00.123": times in Sumsub's objects and events, UTC. */
export function sumsubTime(at: Date): string {
  return at.toISOString().replace('T', ' ').replace('Z', '')
}
