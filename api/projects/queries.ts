import type { Db } from '../../common/node/db.ts'
import type { Document, Facets, Holders, ProjectCard, ProjectUpdate } from '../../common/wire.ts'
import { makeCursor, readCursor } from '../http/cursor.ts'
import { conditionsOf, IS_LISTED, type ListQuery, STATE, scopeOf, sortOf } from './filters.ts'

/** Projects with what the mirror knows of them. Row-level security hides other issuers' drafts. */
export const FROM = `
  from app.project p
  join app.issuer i on i.id = p.issuer_id
  left join chain.project c on c.project_id = p.project_id`

/** The columns of a card; `now` is the parameter of the moment at which reservations count. */
export const cardColumns = (now: string) => `
  p.project_id as "projectId",
  p.slug,
  p.name,
  p.summary,
  i.name as issuer,
  p.technology,
  p.build_status as "buildStatus",
  ${STATE} as state,
  p.country,
  p.city,
  p.latitude,
  p.longitude,
  p.capacity_kw as "capacityKw",
  p.annual_mwh as "annualMwh",
  p.currency,
  p.unit_price_cents as "unitPriceCents",
  p.min_investment_cents as "minInvestmentCents",
  (p.units_offered::numeric * p.unit_price_cents)::text as "targetCents",
  (coalesce(c.supply, 0) * p.unit_price_cents)::text as "raisedCents",
  p.units_offered as "unitsOffered",
  coalesce(c.supply, 0)::text as "unitsMinted",
  greatest(least(p.units_offered, coalesce(c.cap, p.units_offered)) - app.units_taken(p.project_id, ${now}), 0)::text as "unitsRemaining",
  p.expected_return_bps as "expectedReturnBps",
  p.exit_years as "exitYears"`

export interface Page<T> {
  rows: T[]
  nextCursor: string | null
  /** Rows in all; counted for the first page only. */
  total?: number
}

/** One page of projects. @throws AppError BAD_CURSOR */
export async function listProjects(
  db: Db,
  cursorKey: Buffer,
  query: ListQuery,
  issuerId: string | undefined,
  now: Date,
): Promise<Page<ProjectCard>> {
  const values: unknown[] = [now]
  const bind = (value: unknown) => `$${values.push(value)}`
  const where = conditionsOf(query, bind)
  const counted = [...values]
  const countedWhere = where.join(' and ')
  const sort = sortOf(query)
  const key = sort.key.replaceAll('$q', sort.key.includes('$q') ? bind(query.q) : '')
  const scope = scopeOf(query, issuerId)
  if (query.cursor !== undefined) {
    const after = readCursor(cursorKey, scope, query.cursor)
    where.push(`(${key}, p.project_id) ${sort.isUp ? '>' : '<'} (${bind(after.key)}::${sort.type}, ${bind(after.id)}::int)`)
  }
  const direction = sort.isUp ? 'asc' : 'desc'
  const limit = query.limit ?? 20
  const { rows } = await db.query<ProjectCard & { sortKey: string }>(
    `select ${cardColumns('$1')}, (${key})::text as "sortKey"
     ${FROM}
     where ${where.join(' and ')}
     order by ${key} ${direction}, p.project_id ${direction}
     limit ${bind(limit + 1)}`,
    values,
  )
  const last = rows.length > limit ? rows[limit - 1] : undefined
  const page = {
    rows: rows.slice(0, limit).map(({ sortKey: _sortKey, ...card }) => card),
    nextCursor: last ? makeCursor(cursorKey, scope, { key: last.sortKey, id: String(last.projectId) }) : null,
  }
  if (query.cursor !== undefined) return page
  const count = await db.query<{ total: number }>(
    `select count(*)::int as total, $1::timestamptz as now ${FROM} where ${countedWhere}`,
    counted,
  )
  return { ...page, total: count.rows[0]!.total }
}

/** How many listed projects each filter value would leave. */
export async function countFacets(db: Db): Promise<Facets> {
  const { rows } = await db.query<{ facet: keyof Facets; value: string; count: number }>(
    `select facet, value, count(*)::int as count
     from app.project p
     join chain.project c on c.project_id = p.project_id
     cross join lateral (values
       ('technology', p.technology), ('country', p.country::text), ('state', c.state), ('buildStatus', p.build_status)) f (facet, value)
     where ${IS_LISTED}
     group by facet, value
     order by count(*) desc, value`,
  )
  const facets: Facets = { technology: [], country: [], state: [], buildStatus: [] }
  for (const { facet, value, count } of rows) facets[facet].push({ value, count })
  return facets
}

/** True when the viewer of this transaction may see the project: it is listed, or it is theirs. */
export async function isVisible(db: Db, projectId: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `select from app.project p
     where p.project_id = $1
       and (p.issuer_id = app.current_issuer() or exists (select from chain.project c where c.project_id = p.project_id and ${IS_LISTED}))`,
    [projectId],
  )
  return rowCount === 1
}

export async function listDocuments(db: Db, projectId: number): Promise<Document[]> {
  const { rows } = await db.query<Omit<Document, 'createdAt'> & { createdAt: Date }>(
    `select id, kind, title, file_name as "fileName", media_type as "mediaType", bytes, cid, sha256, created_at as "createdAt"
     from app.document
     where project_id = $1
     order by created_at, id`,
    [projectId],
  )
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
}

/** The newest hundred news items. */
export async function listUpdates(db: Db, projectId: number): Promise<ProjectUpdate[]> {
  const { rows } = await db.query<Omit<ProjectUpdate, 'publishedAt'> & { publishedAt: Date }>(
    `select id, kind, title, content, published_at as "publishedAt"
     from app.project_update
     where project_id = $1
     order by published_at desc, id
     limit 100`,
    [projectId],
  )
  return rows.map((row) => ({ ...row, publishedAt: row.publishedAt.toISOString() }))
}

/** The twenty largest holders and how many there are, by the mirror. */
export async function listHolders(db: Db, projectId: number): Promise<Holders> {
  const { rows } = await db.query<{ holder: string; units: string; shareBps: number; count: number }>(
    `select holder, units, floor(units * 10000 / sum(units) over ())::int as "shareBps", count(*) over ()::int as count
     from chain.holding
     where project_id = $1
     order by units desc, holder
     limit 20`,
    [projectId],
  )
  const checkpoint = await db.query<{ asOfBlock: string }>('select block_number as "asOfBlock" from chain.checkpoint')
  return {
    count: rows[0]?.count ?? 0,
    asOfBlock: checkpoint.rows[0]?.asOfBlock ?? '0',
    top: rows.map(({ holder, units, shareBps }) => ({ holder, units, shareBps })),
  }
}
