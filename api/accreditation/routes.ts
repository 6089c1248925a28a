import { Type } from 'typebox'
import { AppError, type ErrorCode } from '../../common/errors.ts'
import { asViewer, type Db } from '../../common/node/db.ts'
import { AccreditationClaim, AccreditationStanding, EVIDENCE_KINDS, type EvidenceKind } from '../../common/wire-accreditation.ts'
import { authenticate, signedIn } from '../http/auth.ts'
import type { Routes } from '../http/deps.ts'
import { answer, responses } from '../http/envelope.ts'
import { closed } from '../http/validation.ts'
import { readUpload } from '../projects/upload.ts'
import { openCases } from '../review/open-cases.ts'
import { assess } from './assess.ts'
import { type ClaimRow, deleteDraft, findClaim, insertClaim, insertFile, markSubmitted } from './queries.ts'
import { accreditationRuleAt, missingEvidence, readAccreditation } from './standing.ts'

const MEDIA_TYPES = ['application/pdf', 'image/png', 'image/jpeg']
const MOST_FILES = 10
const DAY_MS = 24 * 3_600_000

const NewClaim = closed({ claim: AccreditationClaim, asOf: Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }) })

/** Claiming to be an accredited investor; every route answers with where the investor stands then. */
export const accreditationRoutes: Routes = async (app, deps) => {
  const { pool, clock, settings } = deps
  authenticate(app, deps, { permission: 'account.use' })
  const schema = (...codes: ErrorCode[]) => ({
    tags: ['Identity'],
    response: responses(AccreditationStanding, 'UNAUTHENTICATED', ...codes),
  })
  const after = (accountId: string, work: (db: Db, now: Date) => Promise<void>) => {
    const now = clock()
    return asViewer(pool, { accountId }, async (db) => {
      await work(db, now)
      return readAccreditation(db, accountId, now)
    })
  }

  app.get('/users/accreditation', { schema: schema() }, async (request) =>
    answer(request, await after(signedIn(request).accountId, async () => {})),
  )

  app.post(
    '/users/accreditation',
    { schema: { ...schema('UNKNOWN_FIELD', 'NOT_ACCREDITED', 'EVIDENCE_DATE', 'STEP_ORDER'), body: NewClaim } },
    async (request) => {
      const { accountId } = signedIn(request)
      const { claim, asOf } = request.body
      const standing = await after(accountId, async (db, now) => {
        const { value, effectiveFrom } = await accreditationRuleAt(db, now)
        const { problem, ...found } = assess(value, claim)
        if (problem !== null) throw new AppError('NOT_ACCREDITED', problem)
        const expiresAt = new Date(readDay(asOf, value.freshDays, now).getTime() + value.validDays * DAY_MS)
        await lock(db, accountId)
        const newest = await findClaim(db, accountId)
        if (newest !== null && newest.submittedAt !== null && newest.isApproved === null)
          throw new AppError('STEP_ORDER', 'We are still looking at what you sent')
        await deleteDraft(db, accountId)
        await insertClaim(db, accountId, { claim, asOf, expiresAt, ruleFrom: effectiveFrom, ...found }, now)
      })
      return answer(request, standing)
    },
  )

  app.post(
    '/users/accreditation/files',
    {
      schema: {
        ...schema('MEDIA_TYPE', 'FILE_TYPE', 'FILE_INCOMPLETE', 'BODY_TOO_LARGE', 'UNKNOWN_FIELD', 'STEP_ORDER'),
        description: 'A form with the fields `kind` and `file` (PDF, PNG or JPEG, at most 20 MB); ten files at most.',
        consumes: ['multipart/form-data'],
      },
    },
    async (request) => {
      const { accountId } = signedIn(request)
      const { kind, ...file } = await readUpload(request, EVIDENCE_KINDS)
      if (!MEDIA_TYPES.includes(file.mediaType)) throw new AppError('FILE_TYPE', 'Send a PDF, PNG or JPEG file')
      const standing = await after(accountId, async (db, now) => {
        const draft = await findDraft(db, accountId)
        if (draft.files.length >= MOST_FILES) throw new AppError('STEP_ORDER', `A claim has at most ${MOST_FILES} files`)
        await insertFile(db, settings.encryptionKeys, { accountId, claimId: draft.id }, { ...file, kind: kind as EvidenceKind }, now)
      })
      return answer(request, standing)
    },
  )

  app.post('/users/accreditation/submit', { schema: schema('EVIDENCE_MISSING', 'EVIDENCE_DATE', 'STEP_ORDER') }, async (request) => {
    const { accountId } = signedIn(request)
    const standing = await after(accountId, async (db, now) => {
      const draft = await findDraft(db, accountId)
      const { value } = await accreditationRuleAt(db, now)
      const missing = missingEvidence(value, draft)
      if (missing.length > 0)
        throw new AppError('EVIDENCE_MISSING', `Still to be sent: ${missing.join(', ').replaceAll('_', ' ')}`, { details: { missing } })
      readDay(draft.asOf, value.freshDays, now)
      await markSubmitted(db, draft.id, now)
      // Figures and documents stay with the claim, where they can be erased; the case only leads there.
      const { path } = draft.claim
      const evidence = { accreditationId: draft.id, path, asOf: draft.asOf, files: draft.files.length }
      const reason = `Claims to be accredited by ${path.replace('_', ' ')}`
      await openCases(db, [{ kind: 'accreditation', accountId, subject: `accreditation ${draft.id}`, reason, evidence }], now)
    })
    return answer(request, standing)
  })
}

async function findDraft(db: Db, accountId: string): Promise<ClaimRow> {
  await lock(db, accountId)
  const newest = await findClaim(db, accountId)
  if (newest === null || newest.submittedAt !== null) throw new AppError('STEP_ORDER', 'Say first how you are accredited')
  return newest
}

/** One step of an account at a time. */
async function lock(db: Db, accountId: string): Promise<void> {
  await db.query(`select pg_advisory_xact_lock(hashtextextended('accreditation ' || $1, 0))`, [accountId])
}

/** The first moment of a day that evidence may be of. @throws AppError EVIDENCE_DATE */
function readDay(text: string, freshDays: number, now: Date): Date {
  const day = new Date(`${text}T00:00:00Z`)
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
  if (!isDay || day > now || day.getTime() < now.getTime() - freshDays * DAY_MS)
    throw new AppError('EVIDENCE_DATE', `The evidence must be of today or of the last ${freshDays} days`, { details: { freshDays } })
  return day
}
