import { Type } from 'typebox'
import { countryOf } from '../../common/countries.ts'
import { AppError } from '../../common/errors.ts'
import { Country, Session, User } from '../../common/wire.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import { refuseForeignOrigin } from '../http/cookies.ts'
import type { App, Routes } from '../http/deps.ts'
import { answer, created, responses } from '../http/envelope.ts'
import { tightLimit } from '../http/security.ts'
import { closed } from '../http/validation.ts'
import { requestConfirmation } from './email.ts'
import { login } from './login.ts'
import { openSession, signInOrAsk, signInResponses } from './open-session.ts'
import { assertGoodPassword } from './password-rules.ts'
import { hashPassword } from './passwords.ts'
import { createAccount, findUser, updateAccount } from './queries.ts'
import { Email, Password } from './schemas.ts'

const DisplayName = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[^\\x00-\\x1f\\x7f\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]+$',
})
const UseCookie = Type.Optional(Type.Boolean({ description: 'Puts the refresh token into an HttpOnly cookie instead of the answer' }))

const Register = closed({
  email: Email,
  password: Password,
  country: Country,
  displayName: Type.Optional(DisplayName),
  useCookie: UseCookie,
})
const Login = closed({ email: Email, password: Password, useCookie: UseCookie })
const Profile = closed({ displayName: Type.Optional(Type.Union([DisplayName, Type.Null()])), country: Type.Optional(Country) })

/** Registration, login and the signed-in person's own record. */
export const accountRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings } = deps

  await app.register(async (open: App) => {
    refuseForeignOrigin(open, settings)
    const config = tightLimit(settings)

    open.post(
      '/users/register',
      {
        config,
        schema: {
          tags: ['Identity'],
          body: Register,
          response: created(Session, 'EMAIL_TAKEN', 'PASSWORD_WEAK', 'COUNTRY_UNKNOWN', 'UNKNOWN_FIELD', 'CSRF'),
        },
      },
      async (request, reply) => {
        const { email, password, country, displayName, useCookie } = request.body
        await assertGoodPassword(deps.isBreached, password, email)
        assertCountry(country)
        const accountId = await createAccount(pool, { email, passwordHash: await hashPassword(password), country, displayName }, clock())
        if (accountId === undefined) throw new AppError('EMAIL_TAKEN', 'An account with this e-mail exists already. Sign in instead')
        await requestConfirmation(deps, email)
        reply.code(201)
        return answer(request, await openSession(deps, request, reply, { accountId, useCookie: useCookie ?? false, isFactorProven: false }))
      },
    )

    open.post(
      '/users/login',
      { config, schema: { tags: ['Identity'], body: Login, response: signInResponses('LOGIN_FAILED', 'UNKNOWN_FIELD', 'CSRF') } },
      async (request, reply) => {
        const accountId = await login(deps, request.body.email, request.body.password)
        return answer(request, await signInOrAsk(deps, request, reply, { accountId, useCookie: request.body.useCookie ?? false }))
      },
    )
  })

  const paths = ['/users/me', '/users/profile']

  await app.register(async (own: App) => {
    authenticate(own, deps, { permission: 'account.use', enrolling: true })
    for (const path of paths) {
      own.get(path, { schema: { tags: ['Identity'], response: responses(User, 'UNAUTHENTICATED') } }, async (request) =>
        answer(request, await findUser(pool, signedIn(request).accountId, clock())),
      )
    }
  })

  await app.register(async (own: App) => {
    authenticate(own, deps, { permission: 'account.use' })
    for (const path of paths) {
      own.put(
        path,
        {
          schema: {
            tags: ['Identity'],
            body: Profile,
            response: responses(User, 'UNAUTHENTICATED', 'COUNTRY_UNKNOWN', 'STEP_ORDER', 'UNKNOWN_FIELD'),
          },
        },
        async (request) => {
          const { accountId } = signedIn(request)
          if (request.body.country !== undefined) assertCountry(request.body.country)
          const isDone = await updateAccount(pool, accountId, request.body)
          if (!isDone)
            throw new AppError('STEP_ORDER', 'The country is fixed once the identity check has begun. Write to support to change it')
          return answer(request, await findUser(pool, accountId, clock()))
        },
      )
    }
  })
}

function assertCountry(code: string): void {
  if (countryOf(code) === null) throw new AppError('COUNTRY_UNKNOWN', `There is no country ${code}. Use its two-letter ISO 3166-1 code`)
}
