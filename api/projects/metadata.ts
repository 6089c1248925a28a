import { AppError } from '../../common/errors.ts'
import type { Db } from '../../common/node/db.ts'
import type { Ipfs, Pinned } from '../../common/node/ipfs.ts'
import { listDocuments } from './queries.ts'

/**
 * Pins a project's metadata: ERC-1155 metadata (name, description, image, properties) and the list of its documents with their
 * addresses and digests. The same facts always give the same bytes, so a repeat pins the same CID.
 */
export async function pinMetadata(db: Db, ipfs: Ipfs, publicUrl: URL, projectId: number): Promise<Pinned> {
  const { rows } = await db.query<Record<string, unknown> & { name: string; description: string }>(
    `select p.name, p.description, p.project_id as "projectId", p.summary, i.name as issuer, p.technology, p.build_status as "buildStatus",
       p.country, p.city, p.latitude, p.longitude, p.capacity_kw as "capacityKw", p.annual_mwh as "annualMwh", p.currency,
       p.unit_price_cents as "unitPriceCents", p.units_offered as "unitsOffered", p.min_investment_cents as "minInvestmentCents",
       p.expected_return_bps as "expectedReturnBps", p.exit_years as "exitYears", p.exit_target_per_unit as "exitTargetPerUnit", p.lock_days as "lockDays",
       p.exemption, p.closes_at as "closesAt"
     from app.project p
     join app.issuer i on i.id = p.issuer_id
     where p.project_id = $1`,
    [projectId],
  )
  const { name, description, ...properties } = rows[0]!
  const documents = (await listDocuments(db, projectId)).map(({ kind, title, fileName, mediaType, bytes, cid, sha256 }) => ({
    kind,
    title,
    fileName,
    mediaType,
    bytes,
    cid,
    sha256,
  }))
  const image = documents.find(({ mediaType }) => mediaType.startsWith('image/'))
  const metadata = {
    name,
    description,
    decimals: 0,
    external_url: new URL(`/projects/${projectId}`, publicUrl).href,
    ...(image && { image: `ipfs://${image.cid}` }),
    properties,
    documents,
  }
  return ipfs.pin(new TextEncoder().encode(JSON.stringify(metadata, null, 2)))
}

/** A year, a leap year included; the database demands it as well (constraint reg_cf_lock). */
const REG_CF_LOCK_DAYS = 366

/**
 * Fixes a project's facts: pins them and remembers where. Once submitted it stays as it is. To be called with the project locked.
 * @throws AppError LOCK_TOO_SHORT, EXEMPTION_CURRENCY
 */
export async function submitProject(db: Db, ipfs: Ipfs, publicUrl: URL, projectId: number, now: Date): Promise<void> {
  const { rows } = await db.query('select from app.project where project_id = $1 and exemption = $2 and lock_days < $3', [
    projectId,
    'reg_cf',
    REG_CF_LOCK_DAYS,
  ])
  if (rows.length > 0)
    throw new AppError(
      'LOCK_TOO_SHORT',
      `Units sold under Regulation Crowdfunding can't be resold for a year (17 CFR 227.501(a)): set lockDays to at least ${REG_CF_LOCK_DAYS}`,
      { details: { lockDays: REG_CF_LOCK_DAYS } },
    )
  await assertCurrency(db, projectId)
  const pinned = await pinMetadata(db, ipfs, publicUrl, projectId)
  await db.query(
    'update app.project set submitted_at = $2, updated_at = $2, metadata_cid = $3, metadata_sha256 = $4 where project_id = $1',
    [projectId, now, pinned.cid, pinned.sha256],
  )
}

/** In which currency an exemption's figures are; the database demands it as well (constraint exemption_currency). */
const CURRENCY: Record<string, string> = { ecsp: 'EUR', reg_cf: 'USD', reg_a_tier_2: 'USD' }

async function assertCurrency(db: Db, projectId: number): Promise<void> {
  const { rows } = await db.query<{ exemption: string | null; currency: string }>(
    'select exemption, currency from app.project where project_id = $1',
    [projectId],
  )
  const { exemption, currency } = rows[0]!
  const wanted = CURRENCY[exemption ?? '']
  if (wanted !== undefined && wanted !== currency)
    throw new AppError('EXEMPTION_CURRENCY', `The limits of this exemption are in ${wanted}: price the offering in it`, {
      details: { currency: wanted },
    })
}
