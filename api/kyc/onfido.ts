import { createHash } from 'node:crypto'
import {
  type CheckBuilder,
  CheckStatus,
  Configuration,
  type CountryCodes,
  DefaultApi,
  OnfidoInvalidSignatureError,
  ReportName,
  WebhookEventVerifier,
} from '@onfido/api'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { AppError } from '../../common/errors.ts'
import { VendorAnswerError } from '../../common/node/breaker.ts'
import type { CheckReading, KycProvider, KycSubject, StartedCheck } from './provider.ts'

/** Longest that the identity provider may take to answer. */
const TIMEOUT_MS = 10_000
/** The version of the provider's API that the SDK speaks. */
const VERSION_PATH = '/v3.6'

const Event = Type.Object({
  payload: Type.Object({
    resource_type: Type.String({ minLength: 1 }),
    action: Type.String({ minLength: 1 }),
    object: Type.Object({ id: Type.String({ minLength: 1 }), completed_at_iso8601: Type.Optional(Type.String()) }),
  }),
})

/** Onfido, by its own SDK at `apiUrl`, e.g. https://api.eu.onfido.com; the version may be left out. It checks persons. */
export function openOnfido(options: { apiUrl: string; apiToken: string; webhookToken: string | undefined }): KycProvider {
  const { origin, pathname } = new URL(options.apiUrl)
  const basePath = origin + (pathname === '/' ? VERSION_PATH : pathname.replace(/\/$/, ''))
  const api = new DefaultApi(new Configuration({ apiToken: options.apiToken, basePath, baseOptions: { timeout: TIMEOUT_MS } }))
  return {
    name: 'onfido',
    kinds: ['person'],
    startCheck: (subject, redirectUrl) => startCheck(api, subject, redirectUrl),
    readCheck: ({ checkRef }) => readCheck(api, checkRef),
    verifyEvent: ({ body, headers }) => verifyEvent(body, headers['x-sha2-signature'], options.webhookToken),
    checkRefOf(event) {
      const { payload } = event as { payload: { resource_type: string; object: { id: string } } }
      return payload.resource_type === 'check' ? payload.object.id : null
    },
  }
}

/** Tells the provider about a person and orders a document and a face check; the person gives the pictures on the provider's own page. */
async function startCheck(api: DefaultApi, subject: KycSubject, redirectUrl: string): Promise<StartedCheck> {
  if (subject.kind !== 'person') throw new Error('Onfido checks persons only')
  try {
    const applicant = await api.createApplicant({
      first_name: subject.firstName,
      last_name: subject.lastName,
      dob: subject.birthDate,
      location: { country_of_residence: subject.countryAlpha3 as CountryCodes },
      ...(subject.email !== undefined && { email: subject.email }),
    })
    const order: CheckBuilder = {
      applicant_id: applicant.data.id,
      applicant_provides_data: true,
      suppress_form_emails: true,
      report_names: [ReportName.Document, ReportName.FacialSimilarityPhoto],
      redirect_uri: redirectUrl,
    }
    const check = await api.createCheck(order)
    if (!check.data.id || !check.data.form_uri) throw new Error('the check has no form')
    return { applicantRef: applicant.data.id, checkRef: check.data.id, formUrl: check.data.form_uri }
  } catch (cause) {
    // The SDK's errors carry the request with the API token and the person's data: only the status goes on.
    const { response, code } = cause as { response?: { status?: number }; code?: string }
    throw new AppError('KYC_UNAVAILABLE', 'The identity check cannot be started right now. Nothing was stored; try again in a minute', {
      cause: new VendorAnswerError('Onfido', response?.status, code ?? (cause as Error).message),
    })
  }
}

async function readCheck(api: DefaultApi, checkRef: string): Promise<CheckReading> {
  try {
    const { data } = await api.findCheck(checkRef)
    return { state: stateOf(data.status ?? '', data.result ?? null), applicantRef: data.applicant_id }
  } catch (cause) {
    // The SDK's errors carry the request with the API token: only the status goes on.
    const { response, code } = cause as { response?: { status?: number }; code?: string }
    throw new VendorAnswerError('Onfido', response?.status, code)
  }
}

function stateOf(status: string, result: string | null): CheckReading['state'] {
  if (status === CheckStatus.Withdrawn) return 'rejected'
  if (status === CheckStatus.Complete) return result === 'clear' ? 'approved' : 'rejected'
  return status === CheckStatus.AwaitingApplicant ? 'started' : 'in_review'
}

/**
 * The signature by the SDK over the raw bytes. Events carry neither an id nor a signed time, so what they say is their name: the same
 * thing said twice is one event, and the check itself is read again before anything follows from it.
 */
function verifyEvent(body: Buffer, signature: string | string[] | undefined, token: string | undefined) {
  let event: unknown
  try {
    if (token === undefined) throw new RangeError('no token is configured')
    event = new WebhookEventVerifier(token).readPayload(body as never, String(signature ?? ''))
  } catch (cause) {
    // A signature of another length is a RangeError in the SDK.
    if (cause instanceof OnfidoInvalidSignatureError || cause instanceof RangeError) {
      throw new AppError('BAD_SIGNATURE', 'The signature does not belong to these bytes', { cause })
    }
    throw new AppError('BAD_JSON', 'The event is not valid JSON', { cause })
  }
  if (!Value.Check(Event, event)) throw new AppError('BAD_JSON', 'That is not an Onfido event')
  const { resource_type, action, object } = event.payload
  const name = [resource_type, object.id, action, object.completed_at_iso8601 ?? ''].join('\n')
  return { provider: 'onfido' as const, eventId: createHash('sha256').update(name).digest('hex'), kind: action, body }
}
