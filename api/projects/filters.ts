import { createHash } from 'node:crypto'
import { type Static, Type } from 'typebox'
import { COUNTRIES } from '../../common/countries.ts'
import { BuildStatus, Country, ProjectState, Technology } from '../../common/wire.ts'
import { closed } from '../http/validation.ts'

const Text = Type.String({ minLength: 1, maxLength: 200 })

export const ListQuery = closed({
  technology: Type.Optional(Technology),
  country: Type.Optional(Country),
  state: Type.Optional(ProjectState),
  buildStatus: Type.Optional(BuildStatus),
  minReturnBps: Type.Optional(Type.Integer({ minimum: 0, maximum: 10_000 })),
  q: Type.Optional(Text),
  location: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'Part of a city’s or a country’s English name' })),
  mine: Type.Optional(Type.Boolean({ description: 'Only projects of the issuer who asks' })),
  sort: Type.Optional(Type.Union(['newest', 'return', 'raised', 'name', 'relevance'].map((value) => Type.Literal(value)))),
  cursor: Type.Optional(Type.String({ maxLength: 1_000 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 20 })),
})
export type ListQuery = Static<typeof ListQuery>

/** What a row is ordered by, as SQL; `$q` stands for the parameter of the searched text. */
const SORTS = {
  newest: { key: '(extract(epoch from p.created_at) * 1000000)::numeric(30, 0)', type: 'numeric', isUp: false },
  return: { key: 'p.expected_return_bps::numeric', type: 'numeric', isUp: false },
  raised: { key: 'coalesce(c.supply, 0) * p.unit_price_cents', type: 'numeric', isUp: false },
  name: { key: 'lower(p.name)', type: 'text', isUp: true },
  relevance: {
    key: `((ts_rank(p.search, websearch_to_tsquery('english', $q)) + word_similarity($q, ${searched('p')})) * 1000000)::numeric(30, 0)`,
    type: 'numeric',
    isUp: false,
  },
} as const

/** The ordering a query asks for: best match first when a text is searched and nothing else is said. */
export function sortOf(query: ListQuery) {
  const name =
    query.sort === 'relevance' && query.q === undefined ? 'newest' : (query.sort ?? (query.q === undefined ? 'newest' : 'relevance'))
  return { name, ...SORTS[name as keyof typeof SORTS] }
}

/** Names a list by its filters and order, so that a cursor works only where it was made. */
export function scopeOf(query: ListQuery, issuerId: string | undefined): string {
  const { cursor: _cursor, limit: _limit, ...filters } = query
  const entries = Object.entries(filters).sort(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256')
    .update(JSON.stringify(['projects', sortOf(query).name, entries, issuerId ?? '']))
    .digest('hex')
}

/** The `where` of a list. `bind` takes a value and returns its `$n`. */
export function conditionsOf(query: ListQuery, bind: (value: unknown) => string): string[] {
  const where = [`(${IS_LISTED} or p.issuer_id = app.current_issuer())`]
  if (query.technology !== undefined) where.push(`p.technology = ${bind(query.technology)}`)
  if (query.country !== undefined) where.push(`p.country = ${bind(query.country)}`)
  if (query.buildStatus !== undefined) where.push(`p.build_status = ${bind(query.buildStatus)}`)
  if (query.state !== undefined) where.push(`${STATE} = ${bind(query.state)}`)
  if (query.minReturnBps !== undefined) where.push(`p.expected_return_bps >= ${bind(query.minReturnBps)}`)
  if (query.mine) where.push('p.issuer_id = app.current_issuer()')
  if (query.q !== undefined) where.push(matches(bind(query.q)))
  if (query.location !== undefined) {
    const text = bind(query.location)
    const codes = bind(countriesNamed(query.location))
    where.push(`(strpos(lower(p.city), lower(${text})) > 0 or word_similarity(${text}, p.city) >= 0.5 or p.country = any(${codes}))`)
  }
  return where
}

/** Whether everybody may see a project: on chain, and opened there. */
export const IS_LISTED = `coalesce(c.state <> 'draft', false)`

/** A project's state: as on chain once it is opened there, until then as far as its issuer has come. */
export const STATE = `case when ${IS_LISTED} then c.state when p.submitted_at is null then 'draft' else 'submitted' end`

/**
 * Full text first. Only when no listed project has the words, likeness by letters, which forgives misspelling:
 * 0.2 is where "sloar" still finds "solar" (two trigrams of ten).
 */
function matches(text: string): string {
  return `(p.search @@ websearch_to_tsquery('english', ${text}) or (
    word_similarity(${text}, ${searched('p')}) >= 0.2
    and not exists (select from app.project o join chain.project c using (project_id) where ${IS_LISTED} and o.search @@ websearch_to_tsquery('english', ${text}))))`
}

function searched(table: string): string {
  return `(${table}.name || ' ' || ${table}.technology || ' ' || ${table}.city)`
}

const regionNames = new Intl.DisplayNames(['en'], { type: 'region' })

/** Codes of the countries whose English name holds the text; three letters at least, or half the world would match. */
function countriesNamed(text: string): string[] {
  const wanted = text.trim().toLowerCase()
  return COUNTRIES.filter(
    ({ alpha2 }) => alpha2.toLowerCase() === wanted || (wanted.length >= 3 && regionNames.of(alpha2)!.toLowerCase().includes(wanted)),
  ).map(({ alpha2 }) => alpha2)
}
