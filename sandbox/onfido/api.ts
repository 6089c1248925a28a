import { type ApplicantBuilder, type Check, type CheckBuilder, ReportName } from '@onfido/api'
import type { FastifyInstance } from 'fastify'
import { sameText } from '../compare.ts'
import { newApplicant, newCheck } from './objects.ts'
import type { OnfidoVendor } from './vendor.ts'

/** An answer in Onfido's error shape. */
class OnfidoProblem extends Error {
  readonly status: number
  readonly type: string
  readonly fields: Record<string, string[]>

  constructor(status: number, type: string, message: string, fields: Record<string, string[]> = {}) {
    super(message)
    this.name = 'OnfidoProblem'
    this.status = status
    this.type = type
    this.fields = fields
  }
}

/** Onfido's API v3.6: `Authorization: Token token=…`, JSON. Applicants, checks, reports. */
export async function onfidoApi(api: FastifyInstance, { vendor, apiToken }: { vendor: OnfidoVendor; apiToken: string }) {
  const { applicants, checks, reports } = vendor.store.state

  api.addHook('onRequest', async (request) => {
    const [, token] = /^Token token=(.+)$/.exec(request.headers.authorization ?? '') ?? []
    if (token === undefined || !sameText(token, apiToken)) {
      throw new OnfidoProblem(401, 'authorization_error', 'Authorization error: please re-check your credentials')
    }
  })

  api.post<{ Body: Partial<ApplicantBuilder> | null }>('/applicants', async (request, reply) => {
    const given = request.body ?? {}
    requireNames(given)
    if (given.dob !== undefined && !isPastDate(given.dob, vendor.now())) throw invalidFields({ dob: ['is not a valid date'] })
    const { consents: _consents, address, location, ...plain } = given
    const applicant = newApplicant(
      { ...plain, ...(address !== undefined && { address }), ...(location !== undefined && { location }) } as never,
      vendor.now(),
    )
    applicants[applicant.id] = applicant
    vendor.store.changed()
    return reply.status(201).send(applicant)
  })
  api.get('/applicants', async () => ({ applicants: Object.values(applicants).reverse() }))
  api.get<{ Params: { id: string } }>('/applicants/:id', async ({ params }) => find(applicants, params.id))

  api.post<{ Body: Partial<CheckBuilder> | null }>('/checks', async (request, reply) => {
    const { applicant_id: applicantId, report_names: names, ...rest } = request.body ?? {}
    if (typeof applicantId !== 'string' || !Object.hasOwn(applicants, applicantId))
      throw invalidFields({ applicant_id: ['does not exist'] })
    if (!Array.isArray(names) || names.length === 0) throw invalidFields({ report_names: ["can't be blank"] })
    const unknown = names.filter((name) => !(Object.values(ReportName) as string[]).includes(name))
    if (unknown.length > 0) throw invalidFields({ report_names: unknown.map((name) => `${name} is not a valid report name`) })
    if (rest.redirect_uri !== undefined && !URL.canParse(rest.redirect_uri)) throw invalidFields({ redirect_uri: ['is not a valid URL'] })
    const made = newCheck({ ...rest, applicant_id: applicantId, report_names: names }, vendor.now(), vendor.baseUrl())
    for (const report of made.reports) reports[report.id] = report
    checks[made.check.id] = made.check
    vendor.store.changed()
    return reply.status(201).send(made.check)
  })
  api.get<{ Querystring: { applicant_id?: string } }>('/checks', async ({ query }) => ({
    checks: Object.values(checks).filter((check: Check) => check.applicant_id === query.applicant_id),
  }))
  api.get<{ Params: { id: string } }>('/checks/:id', async ({ params }) => find(checks, params.id))
  api.get<{ Querystring: { check_id?: string } }>('/reports', async ({ query }) => ({
    reports: Object.values(reports).filter((report) => report.check_id === query.check_id),
  }))
  api.get<{ Params: { id: string } }>('/reports/:id', async ({ params }) => find(reports, params.id))

  api.setErrorHandler((error, _request, reply) => {
    if (error instanceof OnfidoProblem) {
      return reply.status(error.status).send({ error: { type: error.type, message: error.message, fields: error.fields } })
    }
    const status = (error as { statusCode?: number }).statusCode ?? 500
    return reply
      .status(status)
      .send({ error: { type: status < 500 ? 'bad_request' : 'internal_server_error', message: (error as Error).message, fields: {} } })
  })
  api.setNotFoundHandler(() => {
    throw new OnfidoProblem(404, 'resource_not_found', 'Could not find the requested resource')
  })
}

function find<T>(table: Record<string, T>, id: string): T {
  const found = Object.hasOwn(table, id) ? table[id] : undefined
  if (found === undefined) throw new OnfidoProblem(404, 'resource_not_found', 'Could not find the requested resource')
  return found
}

function requireNames(given: Partial<ApplicantBuilder>) {
  const fields = Object.fromEntries(
    (['first_name', 'last_name'] as const).flatMap((name) => {
      const value = given[name]
      if (typeof value !== 'string' || value.trim() === '') return [[name, ["can't be blank"]]]
      // Onfido refuses these characters in names.
      return /[\^!#$%*=<>;{}"]/.test(value) ? [[name, ['contains invalid characters']]] : []
    }),
  )
  if (Object.keys(fields).length > 0) throw invalidFields(fields)
}

function invalidFields(fields: Record<string, string[]>) {
  return new OnfidoProblem(422, 'validation_error', 'There was a validation error on this request', fields)
}

function isPastDate(text: string, now: Date): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(text).toISOString().startsWith(text) && Date.parse(text) < now.getTime()
}
