import type { FastifyRequest } from 'fastify'
import { AppError } from '../../common/errors.ts'
import { type SignedIn, signedIn } from '../http/auth.ts'

/** Who asks, as a member of an issuer. @throws AppError UNAUTHENTICATED, FORBIDDEN */
export function signedInMember(request: FastifyRequest): SignedIn & { issuerId: string } {
  const viewer = signedIn(request)
  if (viewer.issuerId === undefined) throw new AppError('FORBIDDEN', 'Your account does not act for an issuer')
  return { ...viewer, issuerId: viewer.issuerId }
}
