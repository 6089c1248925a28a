import type { CaseKind } from '../../common/wire-review.ts'

/** What the desk shows; in the page's address, so that it can be shared. */
export type ReviewFilter = { kind?: CaseKind | undefined; state?: 'decided' | undefined; mine?: boolean | undefined }

export const KINDS: Record<CaseKind, string> = {
  sanctions: 'Sanctions hit',
  kyc: 'Identity check',
  accreditation: 'Accreditation',
  wallet_relink: 'Change of wallet',
  monitoring: 'Unusual transactions',
  dispute: 'Disputed payment',
}

/** Reads the filter from the address; what is not known there is left out. */
export function readReviewFilter(search: Record<string, unknown>): ReviewFilter {
  return {
    ...(typeof search.kind === 'string' && Object.hasOwn(KINDS, search.kind) && { kind: search.kind as CaseKind }),
    ...(search.state === 'decided' && { state: 'decided' }),
    ...(search.mine === true && { mine: true }),
  }
}

/** The api's query for a page of cases. */
export function reviewQuery({ kind, state, mine }: ReviewFilter, viewerId: string, cursor: string | null): string {
  return new URLSearchParams({
    limit: '20',
    state: state ?? 'waiting',
    ...(kind && { kind }),
    ...(mine && { assignee: viewerId }),
    ...(cursor && { cursor }),
  }).toString()
}
