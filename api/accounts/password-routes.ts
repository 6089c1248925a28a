import { Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import { User } from '../../common/wire.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import { refuseForeignOrigin } from '../http/cookies.ts'
import type { App, Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { requireFresh } from '../http/fresh.ts'
import { tightLimit } from '../http/security.ts'
import { closed } from '../http/validation.ts'
import { changePassword, resetPassword } from './change-password.ts'
import { confirmEmail, requestConfirmation, requestReset } from './email.ts'
import { findUser } from './queries.ts'
import { Email, Password } from './schemas.ts'

const Token = Type.String({ minLength: 20, maxLength: 200, description: 'Behind the # of the link that was sent' })
const Asked = Type.Object({ asked: Type.Boolean() })
const Changed = Type.Object({ endedSessions: Type.Integer() })
const Done = Type.Object({ done: Type.Boolean() })

/** Passwords that are forgotten or changed, and e-mails that are proven by a link. */
export const passwordRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings } = deps
  const config = tightLimit(settings)

  await app.register(async (open: App) => {
    refuseForeignOrigin(open, settings)

    open.post(
      '/auth/password/forgot',
      { config, schema: { tags: ['Identity'], body: closed({ email: Email }), response: responses(Asked, 'UNKNOWN_FIELD', 'CSRF') } },
      async (request) => {
        await requestReset(deps, request.body.email)
        // The same answer whether there is such an account or not.
        return answer(request, { asked: true })
      },
    )

    open.post(
      '/auth/password/reset',
      {
        config,
        schema: {
          tags: ['Identity'],
          body: closed({ token: Token, password: Password }),
          response: responses(Done, 'LINK_EXPIRED', 'PASSWORD_WEAK', 'UNKNOWN_FIELD', 'CSRF'),
        },
      },
      async (request) => {
        await resetPassword(deps, request.body.token, request.body.password)
        return answer(request, { done: true })
      },
    )

    open.post(
      '/auth/email/confirm',
      {
        config,
        schema: { tags: ['Identity'], body: closed({ token: Token }), response: responses(Done, 'LINK_EXPIRED', 'UNKNOWN_FIELD', 'CSRF') },
      },
      async (request) => {
        await confirmEmail(deps, request.body.token)
        return answer(request, { done: true })
      },
    )
  })

  await app.register(async (own: App) => {
    authenticate(own, deps, { permission: 'account.use' })

    own.post(
      '/users/email/confirmation',
      { config, schema: { tags: ['Identity'], response: responses(User, 'UNAUTHENTICATED', 'STEP_ORDER') } },
      async (request) => {
        const user = await findUser(pool, signedIn(request).accountId, clock())
        if (user.email === null) throw new AppError('STEP_ORDER', 'Your account has no e-mail')
        if (!user.isEmailProven) await requestConfirmation(deps, user.email)
        return answer(request, user)
      },
    )
  })

  await app.register(async (fresh: App) => {
    authenticate(fresh, deps, { permission: 'account.use' })
    requireFresh(fresh, deps)

    fresh.put(
      '/users/password',
      {
        config,
        schema: {
          tags: ['Identity'],
          body: closed({ password: Password }),
          response: responses(Changed, 'UNAUTHENTICATED', 'CONFIRM_REQUIRED', 'PASSWORD_WEAK', 'STEP_ORDER', 'UNKNOWN_FIELD'),
        },
      },
      async (request) => answer(request, { endedSessions: await changePassword(deps, signedIn(request), request.body.password) }),
    )
  })
}
