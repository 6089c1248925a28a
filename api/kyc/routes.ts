import { type Static, Type } from 'typebox'
import { countryOf } from '../../common/countries.ts'
import { AppError } from '../../common/errors.ts'
import { inTransaction } from '../../common/node/db.ts'
import { Country, Kyc } from '../../common/wire.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import type { Deps, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { closed } from '../http/validation.ts'
import { recordIdentity } from '../sanctions/identity.ts'
import { assertAdult } from './birth-date.ts'
import { startCheck } from './onfido.ts'
import { findKyc, listBlockedCountries, recordCheck } from './queries.ts'

// Any script, but no control characters, no marks that turn the writing direction, nothing that begins a tag.
const Name = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^(?=.*\\S)[^\\x00-\\x1f\\x7f<>\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]+$',
})
const KycRequest = closed({ firstName: Name, lastName: Name, birthDate: Type.String({ maxLength: 10 }), country: Country })

/** Starting the identity check and seeing how far it is. What the provider decides comes by webhook. */
export const kycRoutes: Routes = async (app, deps) => {
  authenticate(app, deps)

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
      async (request) => answer(request, await requestCheck(deps, signedIn(request).accountId, request.body)),
    )
  }

  app.get('/users/kyc/status', { schema: { tags: ['Identity'], response: responses(Kyc, 'UNAUTHENTICATED') } }, async (request) =>
    answer(request, await findKyc(deps.pool, signedIn(request).accountId, deps.clock())),
  )
}

async function requestCheck(deps: Deps, accountId: string, person: Static<typeof KycRequest>): Promise<Kyc> {
  const { pool, clock, onfido, settings } = deps
  const now = clock()
  const current = await findKyc(pool, accountId, now)
  if (current.state === 'approved') throw new AppError('KYC_ALREADY_APPROVED', 'Your identity has been checked already')
  if (current.state === 'started' || current.state === 'in_review') return current
  assertAdult(person.birthDate, now)
  const country = countryOf(person.country)
  if (!country) throw new AppError('COUNTRY_UNKNOWN', `There is no country ${person.country}. Use its two-letter ISO 3166-1 code`)
  if ((await listBlockedCountries(pool, now)).includes(country.alpha2))
    throw new AppError('COUNTRY_BLOCKED', 'Investing is not open to residents of this country')
  const { rows } = await pool.query<{ email: string | null }>('select email from app.account where id = $1', [accountId])
  const check = await startCheck(
    onfido,
    { ...person, countryAlpha3: country.alpha3, email: rows[0]?.email ?? undefined },
    new URL('/account', settings.publicUrl).href,
  )
  await inTransaction(pool, async (db) => {
    if (!(await recordCheck(db, accountId, country.alpha2, check, now))) return
    const { firstName, lastName, birthDate } = person
    await recordIdentity(db, settings.encryptionKeys, accountId, { kind: 'person', firstName, lastName, birthDate }, now)
  })
  return findKyc(pool, accountId, now)
}
