import { randomUUID } from 'node:crypto'
import type { Deliverer } from '../deliver.ts'
import type { Store } from '../state.ts'
import { type SumsubApplicant, sumsubTime } from './objects.ts'

export interface SumsubVendor {
  store: Store
  deliverer: Deliverer
  now: () => Date
  baseUrl(): string
}

/** Ends the review of an applicant and says so by webhook. The name "Reject" is refused, every other is accepted. */
export function completeReview({ store, deliverer, now }: SumsubVendor, applicant: SumsubApplicant): void {
  if (applicant.review.reviewStatus === 'completed') return
  const name = applicant.fixedInfo.lastName ?? applicant.fixedInfo.companyInfo?.companyName ?? ''
  const isRefused = name.trim().toLowerCase() === 'reject'
  applicant.review = {
    ...applicant.review,
    reviewStatus: 'completed',
    reviewDate: sumsubTime(now()),
    reviewResult: isRefused ? { reviewAnswer: 'RED', rejectLabels: ['FORGERY'], reviewRejectType: 'FINAL' } : { reviewAnswer: 'GREEN' },
  }
  store.changed()
  const skewMs = deliverer.misbehaviour('sumsub').skewSeconds * 1_000
  const body = {
    applicantId: applicant.id,
    inspectionId: applicant.inspectionId,
    applicantType: applicant.type,
    correlationId: randomUUID(),
    levelName: applicant.review.levelName,
    sandboxMode: true,
    externalUserId: applicant.externalUserId,
    type: 'applicantReviewed',
    reviewResult: applicant.review.reviewResult,
    reviewStatus: 'completed',
    createdAtMs: sumsubTime(new Date(now().getTime() + skewMs)),
    clientId: applicant.clientId,
  }
  deliverer.send('sumsub', applicant.id, body.type, JSON.stringify(body))
}
