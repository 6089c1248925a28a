import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { AppError } from '../../common/errors.ts'
import { VendorAnswerError } from '../../common/node/breaker.ts'
import type { VendorEvent } from '../webhooks/inbox.ts'
import type { CheckReading, KycProvider, KycSubject, StartedCheck } from './provider.ts'

export interface SumsubOptions {
  /** https://api.sumsub.com */
  apiUrl: string
  appToken: string
  secretKey: string
  webhookSecret: string | undefined
  /** Names of the verification levels, as set up at Sumsub. */
  personLevel: string
  companyLevel: string
  clock: () => Date
}

/** Longest that the provider may take to answer. */
const TIMEOUT_MS = 10_000
/** How long the link to its page is good for. */
const LINK_SECONDS = 86_400
/** Sumsub sends an event again for up to 24 hours under the time it was made (5 min, 1 h, 5 h, 18 h after one another). */
const OLDEST_SECONDS = 25 * 3_600
const AHEAD_SECONDS = 300
/** What an event may be signed with; SHA-1, which Sumsub keeps for old set-ups, is refused. */
const ALGORITHMS: Record<string, string> = { HMAC_SHA256_HEX: 'sha256', HMAC_SHA512_HEX: 'sha512' }

const Event = Type.Object({
  applicantId: Type.String({ minLength: 1 }),
  inspectionId: Type.Optional(Type.String()),
  type: Type.String({ minLength: 1 }),
  createdAtMs: Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}$' }),
  sandboxMode: Type.Optional(Type.Boolean()),
})

/** Sumsub, by its documented wire format: docs.sumsub.com/reference. It checks persons and organisations; an applicant is one check. */
export function openSumsub(options: SumsubOptions): KycProvider {
  return {
    name: 'sumsub',
    kinds: ['person', 'entity'],
    startCheck: (subject, redirectUrl) =>
      startCheck(options, subject, redirectUrl).catch((cause: Error) => {
        throw new AppError('KYC_UNAVAILABLE', 'The identity check cannot be started right now. Nothing was stored; try again in a minute', {
          cause,
        })
      }),
    async readCheck({ checkRef }) {
      const applicant = await ask<Applicant>(options, 'GET', `/resources/applicants/${encodeURIComponent(checkRef)}/one`)
      return { state: stateOf(applicant.review), applicantRef: applicant.id }
    },
    verifyEvent: ({ body, headers, now }) => verifyEvent(options, body, headers, now),
    checkRefOf: (event) => (event as { applicantId: string }).applicantId,
  }
}

interface Applicant {
  id: string
  externalUserId: string
  review?: { reviewStatus: string; reviewResult?: { reviewAnswer: string } }
}

async function startCheck(options: SumsubOptions, subject: KycSubject, redirectUrl: string): Promise<StartedCheck> {
  const levelName = subject.kind === 'person' ? options.personLevel : options.companyLevel
  const userId = randomUUID()
  const applicant = await ask<Applicant>(options, 'POST', `/resources/applicants?levelName=${encodeURIComponent(levelName)}`, {
    externalUserId: userId,
    ...(subject.email !== undefined && { email: subject.email }),
    ...(subject.kind === 'person'
      ? {
          type: 'individual',
          fixedInfo: { firstName: subject.firstName, lastName: subject.lastName, dob: subject.birthDate, country: subject.countryAlpha3 },
        }
      : {
          type: 'company',
          fixedInfo: {
            companyInfo: { companyName: subject.name, registrationNumber: subject.registrationNumber, country: subject.countryAlpha3 },
          },
        }),
  })
  const link = await ask<{ url: string }>(options, 'POST', '/resources/sdkIntegrations/levels/-/websdkLink', {
    levelName,
    userId,
    ttlInSecs: LINK_SECONDS,
    redirect: { successUrl: redirectUrl, rejectUrl: redirectUrl },
  })
  if (!applicant.id || !link.url) throw new Error('Sumsub named no applicant or no page')
  return { applicantRef: applicant.id, checkRef: applicant.id, formUrl: link.url }
}

/** One signed request: HMAC-SHA256 over time, method, path with query, and body. */
async function ask<T>(
  { apiUrl, appToken, secretKey, clock }: SumsubOptions,
  method: 'GET' | 'POST',
  path: string,
  content?: object,
): Promise<T> {
  const body = content === undefined ? '' : JSON.stringify(content)
  const ts = String(Math.floor(clock().getTime() / 1000))
  const response = await fetch(new URL(path, apiUrl), {
    method,
    headers: {
      accept: 'application/json',
      'x-app-token': appToken,
      'x-app-access-ts': ts,
      'x-app-access-sig': createHmac('sha256', secretKey).update(`${ts}${method}${path}${body}`).digest('hex'),
      ...(body !== '' && { 'content-type': 'application/json' }),
    },
    ...(body !== '' && { body }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(({ name }: Error) => {
    throw new VendorAnswerError('Sumsub', undefined, `nothing (${name})`)
  })
  // Its errors repeat what was sent: only the status goes on.
  if (!response.ok) throw new VendorAnswerError('Sumsub', response.status)
  return (await response.json()) as T
}

function stateOf(review: Applicant['review']): CheckReading['state'] {
  if (review === undefined || review.reviewStatus === 'init') return 'started'
  if (review.reviewStatus !== 'completed') return 'in_review'
  return review.reviewResult?.reviewAnswer === 'GREEN' ? 'approved' : 'rejected'
}

function verifyEvent(
  { webhookSecret, appToken }: SumsubOptions,
  body: Buffer,
  headers: Record<string, string | string[] | undefined>,
  now: Date,
): VendorEvent {
  const algorithm = ALGORITHMS[String(headers['x-payload-digest-alg'] ?? '')]
  const given = Buffer.from(String(headers['x-payload-digest'] ?? ''), 'hex')
  const expected = algorithm && webhookSecret !== undefined ? createHmac(algorithm, webhookSecret).update(body).digest() : undefined
  if (!expected || given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new AppError('BAD_SIGNATURE', 'The signature does not belong to these bytes')
  const event = parse(body)
  if (!Value.Check(Event, event)) throw new AppError('BAD_JSON', 'That is not a Sumsub event')
  const ageSeconds = (now.getTime() - Date.parse(`${event.createdAtMs.replace(' ', 'T')}Z`)) / 1000
  if (!(ageSeconds <= OLDEST_SECONDS && ageSeconds >= -AHEAD_SECONDS))
    throw new AppError(
      'STALE_EVENT',
      `The event was made more than ${OLDEST_SECONDS / 3_600} hours before or ${AHEAD_SECONDS} seconds after now`,
    )
  if (event.sandboxMode !== undefined && event.sandboxMode !== appToken.startsWith('sbx:'))
    throw new AppError('WRONG_MODE', 'The event belongs to the other mode (sandbox or production)')
  const name = [event.type, event.applicantId, event.inspectionId ?? '', event.createdAtMs].join('\n')
  return { provider: 'sumsub', eventId: createHash('sha256').update(name).digest('hex'), kind: event.type, body }
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString())
  } catch (cause) {
    throw new AppError('BAD_JSON', 'The event is not valid JSON', { cause })
  }
}
