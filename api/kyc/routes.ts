import { Type } from 'typebox'
import { countryOf } from '../../common/countries.ts'
import { AppError } from '../../common/errors.ts'
import { inTransaction } from '../../common/node/db.ts'
import { Country, Kyc } from '../../common/wire.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { closed } from '../http/validation.ts'
import { type Identity, recordIdentity } from '../sanctions/identity.ts'
import { assertAdult } from './birth-date.ts'
import type { KycSubject } from './provider.ts'
import { findKyc, listBlockedCountries, mayRenew, recordCheck } from './queries.ts'

// Any script, but no control characters, no marks that turn the writing direction, nothing that begins a tag.
const Name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^(?=.*\\S)[^\\x00-\\x1f\\x7f<>\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]+$',
})
const KycRequest = closed({ firstName: Name, lastName: Name, birthDate: Type.String({ maxLength: 10 }), country: Country })

const OrganisationRequest = closed({
  name: Name,
  registrationNumber: Type.String({ pattern: '^[0-9A-Za-z./ -]{2,40}$' }),
  country: Country,
})

/** Starting the identity check and seeing how far it is. What the provider decides comes by webhook. */
export const kycRoutes: Routes = async (app, deps) => {
  authenticate(app, deps, { permission: 'account.use' })

  for (const path of ['/users/kyc', '/users/verify-identity']) {
    app.post(
      path,
      {
        schema: {
          tags: ['Identity'],
          body: KycRequest,
          response: responses(
            Kyc,
            'UNAUTHENTICATED',
            'BIRTH_DATE',
            'COUNTRY_UNKNOWN',
            'COUNTRY_BLOCKED',
            'KYC_ALREADY_APPROVED',
            'KYC_UNAVAILABLE',
            'UNKNOWN_FIELD',
          ),
        },
      },
      async (request) => {
        const { country, ...person } = request.body
        assertAdult(person.birthDate, deps.clock())
        return answer(request, await requestCheck(deps, signedIn(request).accountId, country, { kind: 'person', ...person }))
      },
    )
  }

  app.post(
    '/users/kyc/organisation',
    {
      schema: {
        tags: ['Identity'],
        body: OrganisationRequest,
        response: responses(
          Kyc,
          'UNAUTHENTICATED',
          'COUNTRY_UNKNOWN',
          'COUNTRY_BLOCKED',
          'KYC_ALREADY_APPROVED',
          'KYC_KIND',
          'KYC_UNAVAILABLE',
          'UNKNOWN_FIELD',
        ),
      },
    },
    async (request) => {
      const { name, registrationNumber, country } = request.body
      return answer(request, await requestCheck(deps, signedIn(request).accountId, country, { kind: 'entity', name, registrationNumber }))
    },
  )

  app.get('/users/kyc/status', { schema: { tags: ['Identity'], response: responses(Kyc, 'UNAUTHENTICATED') } }, async (request) =>
    answer(request, await findKyc(deps.pool, signedIn(request).accountId, deps.clock())),
  )
}

type Named =
  | Omit<Extract<KycSubject, { kind: 'person' }>, 'countryAlpha3' | 'email'>
  | Omit<Extract<KycSubject, { kind: 'entity' }>, 'countryAlpha3' | 'email'>

async function requestCheck(deps: Deps, accountId: string, countryCode: string, named: Named): Promise<Kyc> {
  const { pool, clock, kyc, settings } = deps
  const now = clock()
  const current = await findKyc(pool, accountId, now)
  if (current.state === 'approved' && !mayRenew(current.expiresAt, now))
    throw new AppError('KYC_ALREADY_APPROVED', 'Your identity has been checked already')
  if (current.state === 'started' || current.state === 'in_review') return current
  if (!kyc.chosen.kinds.includes(named.kind)) throw new AppError('KYC_KIND', 'Organisations cannot be checked here yet. Write to us')
  const country = countryOf(countryCode)
  if (!country) throw new AppError('COUNTRY_UNKNOWN', `There is no country ${countryCode}. Use its two-letter ISO 3166-1 code`)
  if ((await listBlockedCountries(pool, now)).includes(country.alpha2))
    throw new AppError('COUNTRY_BLOCKED', 'Investing is not open to residents of this country')
  const { rows } = await pool.query<{ email: string | null }>('select email from app.account where id = $1', [accountId])
  const subject = { ...named, countryAlpha3: country.alpha3, email: rows[0]?.email ?? undefined }
  const check = await kyc.chosen.startCheck(subject, new URL('/account', settings.publicUrl).href)
  await inTransaction(pool, async (db) => {
    if (!(await recordCheck(db, { accountId, provider: kyc.chosen.name, country: country.alpha2, check }, now))) return
    await recordIdentity(db, settings.encryptionKeys, accountId, identityOf(named), now)
  })
  return findKyc(pool, accountId, now)
}

function identityOf(named: Named): Identity {
  if (named.kind === 'entity') return { kind: 'entity', firstName: '', lastName: named.name, birthDate: null }
  const { firstName, lastName, birthDate } = named
  return { kind: 'person', firstName, lastName, birthDate }
}
