import type { FastifyInstance } from 'fastify'
import { sameText } from '../compare.ts'
import { type SumsubApplicant, sumsubId, sumsubTime } from './objects.ts'
import { requestSignature } from './signature.ts'
import type { SumsubVendor } from './vendor.ts'

/** Sumsub refuses requests whose time is further from its own. */
const TOLERANCE_SECONDS = 60

/** An answer in Sumsub's error shape. */
class SumsubProblem extends Error {
  readonly status: number

  constructor(status: number, description: string) {
    super(description)
    this.name = 'SumsubProblem'
    this.status = status
  }
}

interface NewApplicant {
  externalUserId?: string
  email?: string
  type?: 'individual' | 'company'
  fixedInfo?: SumsubApplicant['fixedInfo']
}

interface NewLink {
  levelName?: string
  userId?: string
  ttlInSecs?: number
  redirect?: { successUrl?: string; rejectUrl?: string }
}

/** Sumsub's API: signed requests, JSON. Applicants, their review status, links to the WebSDK. */
export async function sumsubApi(
  api: FastifyInstance,
  { vendor, appToken, secretKey }: { vendor: SumsubVendor; appToken: string; secretKey: string },
) {
  const { sumsubApplicants: applicants } = vendor.store.state
  const find = (id: string) => {
    const found = Object.hasOwn(applicants, id) ? applicants[id] : undefined
    if (!found) throw new SumsubProblem(404, 'Applicant not found')
    return found
  }
  // The signature covers the bytes.
  api.removeAllContentTypeParsers()
  api.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  api.addHook('preHandler', async ({ headers, method, url, body }) => {
    const ts = String(headers['x-app-access-ts'] ?? '')
    if (!sameText(String(headers['x-app-token'] ?? ''), appToken)) throw new SumsubProblem(401, 'Unauthorized')
    if (!(Math.abs(vendor.now().getTime() / 1000 - Number(ts)) <= TOLERANCE_SECONDS))
      throw new SumsubProblem(401, 'Request timestamp is not valid')
    const expected = requestSignature(secretKey, ts, method, url, typeof body === 'string' ? body : '')
    if (!sameText(String(headers['x-app-access-sig'] ?? ''), expected)) throw new SumsubProblem(401, 'Request signature mismatch')
  })

  api.post<{ Querystring: { levelName?: string }; Body: string }>('/applicants', async ({ query, body }, reply) => {
    const { externalUserId, email, type = 'individual', fixedInfo = {} } = JSON.parse(body) as NewApplicant
    if (!query.levelName) throw new SumsubProblem(400, 'levelName is required')
    if (!externalUserId) throw new SumsubProblem(400, 'externalUserId is required')
    if (Object.values(applicants).some((one) => one.externalUserId === externalUserId))
      throw new SumsubProblem(409, `Applicant with external user id '${externalUserId}' already exists`)
    if (type === 'company' && !fixedInfo.companyInfo?.companyName) throw new SumsubProblem(400, 'companyInfo.companyName is required')
    const at = sumsubTime(vendor.now())
    const applicant: SumsubApplicant = {
      id: sumsubId(),
      createdAt: at.slice(0, 19),
      key: 'SANDBOX',
      clientId: 'sandbox',
      inspectionId: sumsubId(),
      externalUserId,
      type,
      ...(email !== undefined && { email }),
      fixedInfo,
      review: { levelName: query.levelName, createDate: `${at.slice(0, 19)}+0000`, reviewStatus: 'init' },
    }
    applicants[applicant.id] = applicant
    vendor.store.changed()
    return reply.status(201).send(shown(applicant))
  })
  api.get<{ Params: { id: string } }>('/applicants/:id/one', async ({ params }) => shown(find(params.id)))
  api.get<{ Params: { id: string } }>('/applicants/:id/status', async ({ params }) => find(params.id).review)

  api.post<{ Body: string }>('/sdkIntegrations/levels/-/websdkLink', async ({ body }) => {
    const { levelName, userId, ttlInSecs, redirect = {} } = JSON.parse(body) as NewLink
    if (!levelName || !userId || !ttlInSecs) throw new SumsubProblem(400, 'levelName, userId and ttlInSecs are required')
    const applicant = Object.values(applicants).find(({ externalUserId }) => externalUserId === userId)
    if (!applicant) throw new SumsubProblem(404, 'Applicant not found')
    applicant.link = { id: sumsubId(), ...redirect }
    vendor.store.changed()
    return { url: `${vendor.baseUrl()}/sumsub/${applicant.link.id}` }
  })

  api.setErrorHandler((error, _request, reply) => {
    const isBadJson = error instanceof SyntaxError
    const status = error instanceof SumsubProblem ? error.status : isBadJson ? 400 : ((error as { statusCode?: number }).statusCode ?? 500)
    return reply.status(status).send({ description: (error as Error).message, code: status, correlationId: sumsubId() })
  })
}

function shown({ link: _link, ...applicant }: SumsubApplicant): Omit<SumsubApplicant, 'link'> {
  return applicant
}
