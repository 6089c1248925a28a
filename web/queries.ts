import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type {
  Distribution,
  Document,
  Eligibility,
  Facets,
  Finances,
  Holders,
  Investment,
  Kyc,
  Portfolio,
  ProjectCard,
  ProjectDetail,
  ProjectUpdate,
  PublicConfig,
  SessionInfo,
  User,
} from '../common/wire.ts'
import type { AccreditationAtDesk, AccreditationStanding } from '../common/wire-accreditation.ts'
import type { EcspStanding } from '../common/wire-ecsp.ts'
import type { Factors } from '../common/wire-factors.ts'
import type { Invitation, Issuer, Member } from '../common/wire-issuer.ts'
import type { Consent } from '../common/wire-privacy.ts'
import type { ReviewCase, ReviewCaseDetail } from '../common/wire-review.ts'
import type { OutsideWallet } from '../common/wire-wallets.ts'
import type { Api } from './api.ts'
import { type Filters, filterQuery } from './view/filters.ts'
import { type ReviewFilter, reviewQuery } from './view/review-filter.ts'

const PAGE_SIZE = 12

/** Where the app runs; fixed until the next load. */
export const configQuery = (api: Api) =>
  queryOptions({
    queryKey: ['config'],
    queryFn: ({ signal }) => api.get<PublicConfig>('/config', signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })

export const projectsQuery = (api: Api, filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['projects', filters],
    queryFn: ({ pageParam, signal }) => api.page<ProjectCard>(`/projects?${filterQuery(filters, pageParam, PAGE_SIZE)}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })

export const facetsQuery = (api: Api) =>
  queryOptions({ queryKey: ['facets'], queryFn: ({ signal }) => api.get<Facets>('/projects/facets', signal), staleTime: 60_000 })

export const projectQuery = (api: Api, projectId: number) =>
  queryOptions({ queryKey: ['project', projectId], queryFn: ({ signal }) => api.get<ProjectDetail>(`/projects/${projectId}`, signal) })

export const documentsQuery = (api: Api, projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'documents'],
    queryFn: ({ signal }) => api.get<Document[]>(`/projects/${projectId}/documents`, signal),
  })

export const updatesQuery = (api: Api, projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'updates'],
    queryFn: ({ signal }) => api.get<ProjectUpdate[]>(`/projects/${projectId}/updates`, signal),
  })

export const holdersQuery = (api: Api, projectId: number) =>
  queryOptions({
    queryKey: ['project', projectId, 'holders'],
    queryFn: ({ signal }) => api.get<Holders>(`/projects/${projectId}/holders`, signal),
  })

/** `acceptedLossCents`: what the investor, warned, agreed that the order may lose. */
export const eligibilityQuery = (api: Api, projectId: number, amountCents: bigint, acceptedLossCents: bigint | null) =>
  queryOptions({
    queryKey: ['project', projectId, 'eligibility', String(amountCents), String(acceptedLossCents)],
    queryFn: ({ signal }) => {
      const accepted = acceptedLossCents === null ? '' : `&acceptedLossCents=${acceptedLossCents}`
      return api.get<Eligibility>(`/projects/${projectId}/eligibility?amountCents=${amountCents}${accepted}`, signal)
    },
    // The last answer stays while the next is on its way, so that what is being typed into stays as well.
    placeholderData: (previous) => previous,
    retry: false,
  })

export const meQuery = (api: Api) =>
  queryOptions({
    queryKey: ['me'],
    queryFn: async ({ signal }) => {
      const user = await api.get<User>('/users/me', signal)
      api.session.update(user)
      return user
    },
  })

export const kycQuery = (api: Api) =>
  queryOptions({ queryKey: ['me', 'kyc'], queryFn: ({ signal }) => api.get<Kyc>('/users/kyc/status', signal) })

export const financesQuery = (api: Api) =>
  queryOptions({ queryKey: ['me', 'finances'], queryFn: ({ signal }) => api.get<Finances | null>('/users/finances', signal) })

export const ecspQuery = (api: Api) =>
  queryOptions({ queryKey: ['me', 'ecsp'], queryFn: ({ signal }) => api.get<EcspStanding>('/users/ecsp', signal) })

export const accreditationQuery = (api: Api) =>
  queryOptions({
    queryKey: ['me', 'accreditation'],
    queryFn: ({ signal }) => api.get<AccreditationStanding>('/users/accreditation', signal),
  })

/** A claim as the desk reads it. */
export const accreditationAtDeskQuery = (api: Api, accreditationId: string) =>
  queryOptions({
    queryKey: ['review', 'accreditation', accreditationId],
    queryFn: ({ signal }) => api.get<AccreditationAtDesk>(`/review/accreditations/${accreditationId}`, signal),
  })

export const outsideWalletsQuery = (api: Api) =>
  queryOptions({ queryKey: ['me', 'wallets'], queryFn: ({ signal }) => api.get<OutsideWallet[]>('/wallets/outside', signal) })

export const consentsQuery = (api: Api) =>
  queryOptions({ queryKey: ['me', 'consents'], queryFn: ({ signal }) => api.get<Consent[]>('/users/consents', signal) })

export const factorsQuery = (api: Api) =>
  queryOptions({ queryKey: ['me', 'factors'], queryFn: ({ signal }) => api.get<Factors>('/auth/factors', signal) })

export const issuerQuery = (api: Api) => queryOptions({ queryKey: ['issuer'], queryFn: ({ signal }) => api.get<Issuer>('/issuer', signal) })

export const membersQuery = (api: Api) =>
  queryOptions({ queryKey: ['issuer', 'members'], queryFn: ({ signal }) => api.get<Member[]>('/issuer/members', signal) })

export const invitationsQuery = (api: Api) =>
  queryOptions({ queryKey: ['issuer', 'invitations'], queryFn: ({ signal }) => api.get<Invitation[]>('/issuer/invitations', signal) })

export const sessionsQuery = (api: Api) =>
  queryOptions({ queryKey: ['me', 'sessions'], queryFn: ({ signal }) => api.get<SessionInfo[]>('/auth/sessions', signal) })

export const investmentsQuery = (api: Api) =>
  queryOptions({ queryKey: ['investments'], queryFn: ({ signal }) => api.get<Investment[]>('/investments', signal) })

export const investmentQuery = (api: Api, investmentId: string) =>
  queryOptions({
    queryKey: ['investments', investmentId],
    queryFn: ({ signal }) => api.get<Investment>(`/investments/${investmentId}`, signal),
  })

export const portfolioQuery = (api: Api) =>
  queryOptions({ queryKey: ['portfolio'], queryFn: ({ signal }) => api.get<Portfolio>('/portfolio', signal) })

/** Distributions: of one project all of them, else those the person signed in has a share in, else everybody's. */
export const returnsQuery = (api: Api, projectId?: number) =>
  infiniteQueryOptions({
    queryKey: ['returns', projectId ?? api.session.state().kind],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({
        limit: '20',
        ...(projectId && { projectId: String(projectId) }),
        ...(pageParam && { cursor: pageParam }),
      })
      return api.page<Distribution>(`/returns?${query}`, signal)
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })

export const reviewCasesQuery = (api: Api, filter: ReviewFilter, viewerId: string) =>
  infiniteQueryOptions({
    queryKey: ['review', 'list', filter],
    queryFn: ({ pageParam, signal }) => api.page<ReviewCase>(`/review/cases?${reviewQuery(filter, viewerId, pageParam)}`, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  })

export const reviewCaseQuery = (api: Api, caseId: string) =>
  queryOptions({
    queryKey: ['review', 'case', caseId],
    queryFn: ({ signal }) => api.get<ReviewCaseDetail>(`/review/cases/${caseId}`, signal),
  })
