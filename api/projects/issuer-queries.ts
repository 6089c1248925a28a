import { randomBytes } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import type { Pinned } from '../../common/node/ipfs.ts'
import { BuildStatus, Country, type Document, Exemption, type ProjectUpdate, Technology } from '../../common/wire.ts'
import { closed } from '../http/validation.ts'
import { projectNotFound } from './find-project.ts'

/** Positive integers that fit a bigint with room to be multiplied. */
const Amount = Type.String({ pattern: '^[1-9][0-9]{0,14}$' })
const fields = {
  name: Type.String({ minLength: 3, maxLength: 120 }),
  summary: Type.String({ minLength: 10, maxLength: 300 }),
  description: Type.String({ minLength: 10, maxLength: 20_000 }),
  technology: Technology,
  buildStatus: BuildStatus,
  country: Country,
  city: Type.String({ minLength: 1, maxLength: 120 }),
  latitude: Type.Number({ minimum: -90, maximum: 90 }),
  longitude: Type.Number({ minimum: -180, maximum: 180 }),
  capacityKw: Amount,
  annualMwh: Type.String({ pattern: '^(0|[1-9][0-9]{0,14})$' }),
  currency: Type.Optional(Type.Union([Type.Literal('USD'), Type.Literal('EUR')])),
  unitPriceCents: Type.String({ pattern: '^[1-9][0-9]{0,8}$' }),
  unitsOffered: Type.String({ pattern: '^[1-9][0-9]{0,9}$' }),
  minInvestmentCents: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{3,11}$', description: 'At least 1000 ($10)' })),
  expectedReturnBps: Type.Integer({ minimum: 0, maximum: 10_000 }),
  exitYears: Type.Integer({ minimum: 1, maximum: 50 }),
  exitTargetPerUnit: Type.String({
    pattern: '^(0|[1-9][0-9]{0,37})$',
    description: 'Payout-token base units each unit must have earned before an exit',
  }),
  lockDays: Type.Optional(Type.Integer({ minimum: 0, maximum: 3_650 })),
  exemption: Type.Optional(Exemption),
  closesAt: Type.Optional(
    Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$', description: 'When the offering ends; UTC, to the second' }),
  ),
  raisedElsewhereCents: Type.Optional(
    Type.String({
      pattern: '^(0|[1-9][0-9]{0,14})$',
      description: 'Raised in the last twelve months elsewhere, under what the exemption’s limit counts',
    }),
  ),
}
export const NewProject = closed(fields)
export type NewProject = Static<typeof NewProject>
export const ProjectChange = Type.Partial(closed(fields), { additionalProperties: false })
export type ProjectChange = Static<typeof ProjectChange>

const COLUMNS: Record<keyof NewProject, string> = {
  name: 'name',
  summary: 'summary',
  description: 'description',
  technology: 'technology',
  buildStatus: 'build_status',
  country: 'country',
  city: 'city',
  latitude: 'latitude',
  longitude: 'longitude',
  capacityKw: 'capacity_kw',
  annualMwh: 'annual_mwh',
  currency: 'currency',
  unitPriceCents: 'unit_price_cents',
  unitsOffered: 'units_offered',
  minInvestmentCents: 'min_investment_cents',
  expectedReturnBps: 'expected_return_bps',
  exitYears: 'exit_years',
  exitTargetPerUnit: 'exit_target_per_unit',
  lockDays: 'lock_days',
  exemption: 'exemption',
  closesAt: 'closes_at',
  raisedElsewhereCents: 'raised_elsewhere_cents',
}

/** Writes a draft and returns its id. */
export async function insertProject(db: Db, issuerId: string, project: NewProject, now: Date): Promise<number> {
  const given = Object.entries(COLUMNS).filter(([name]) => project[name as keyof NewProject] !== undefined)
  const columns = ['issuer_id', 'slug', 'created_at', 'updated_at', ...given.map(([, column]) => column)]
  const values = [issuerId, slugOf(project.name), now, now, ...given.map(([name]) => project[name as keyof NewProject])]
  const { rows } = await db.query<{ projectId: number }>(
    `insert into app.project (${columns.join(', ')})
     values (${values.map((_, index) => `$${index + 1}`).join(', ')})
     returning project_id as "projectId"`,
    values,
  )
  return rows[0]!.projectId
}

/** Changes a draft. @throws AppError PROJECT_NOT_FOUND, ALREADY_SUBMITTED */
export async function updateProject(db: Db, projectId: number, change: ProjectChange, now: Date): Promise<void> {
  await lockDraft(db, projectId)
  const given = Object.entries(COLUMNS).filter(([name]) => change[name as keyof ProjectChange] !== undefined)
  const assignments = given.map(([, column], index) => `, ${column} = $${index + 3}`).join('')
  await db.query(`update app.project set updated_at = $2${assignments} where project_id = $1`, [
    projectId,
    now,
    ...given.map(([name]) => change[name as keyof ProjectChange]),
  ])
}

async function lockDraft(db: Db, projectId: number): Promise<void> {
  const isSubmitted = await lockOwn(db, projectId)
  if (isSubmitted) throw new AppError('ALREADY_SUBMITTED', 'The project was submitted: its facts are fixed now. Post an update instead')
}

/** Locks the viewer's own project and says whether it was submitted. @throws AppError PROJECT_NOT_FOUND */
export async function lockOwn(db: Db, projectId: number): Promise<boolean> {
  const { rows } = await db.query<{ isSubmitted: boolean }>(
    `select submitted_at is not null as "isSubmitted" from app.project
     where project_id = $1 and issuer_id = app.current_issuer()
     for update`,
    [projectId],
  )
  if (!rows[0]) throw projectNotFound(projectId)
  return rows[0].isSubmitted
}

export interface NewDocument extends Pinned {
  kind: string
  title: string
  fileName: string
  mediaType: string
}

/** Lists a document of the viewer's own project; the same content again is the same document. */
export async function insertDocument(db: Db, projectId: number, document: NewDocument, now: Date): Promise<Document> {
  await lockOwn(db, projectId)
  const { rows } = await db.query<Omit<Document, 'createdAt'> & { createdAt: Date }>(
    `insert into app.document (project_id, issuer_id, kind, title, file_name, media_type, bytes, cid, sha256, created_at)
     values ($1, app.current_issuer(), $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (project_id, issuer_id, cid) do update set cid = excluded.cid
     returning id, kind, title, file_name as "fileName", media_type as "mediaType", bytes, cid, sha256, created_at as "createdAt"`,
    [projectId, document.kind, document.title, document.fileName, document.mediaType, document.bytes, document.cid, document.sha256, now],
  )
  const row = rows[0]!
  return { ...row, createdAt: row.createdAt.toISOString() }
}

export async function insertUpdate(
  db: Db,
  projectId: number,
  update: Pick<ProjectUpdate, 'kind' | 'title' | 'content'>,
  now: Date,
): Promise<ProjectUpdate> {
  await lockOwn(db, projectId)
  const { rows } = await db.query<{ id: string }>(
    `insert into app.project_update (project_id, issuer_id, kind, title, content, published_at)
     values ($1, app.current_issuer(), $2, $3, $4, $5)
     returning id`,
    [projectId, update.kind, update.title, update.content, now],
  )
  return { id: rows[0]!.id, ...update, publishedAt: now.toISOString() }
}

/** "Rio Grande Sólar II" → "rio-grande-solar-ii-k3f9x2": readable, and unique by its end. */
function slugOf(name: string): string {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return `${words.slice(0, 60) || 'project'}-${randomBytes(6).toString('hex')}`
}
