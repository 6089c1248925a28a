/** What Explore shows; lives in the address so that a view can be sent to somebody. Absent means any. */
export type Filters = { technology?: string; country?: string; state?: string; q?: string; sort?: Sort }
export type Sort = (typeof SORTS)[number]

export const SORTS = ['relevance', 'newest', 'return', 'raised', 'name'] as const
export const SORT_WORDS: Record<Sort, string> = {
  relevance: 'Best match',
  newest: 'Newest first',
  return: 'Highest expected return',
  raised: 'Most raised',
  name: 'Name, A to Z',
}
export const TECHNOLOGIES = ['solar', 'wind', 'hydro', 'geothermal', 'biomass', 'storage'] as const
export const STATES = ['funding', 'active', 'paused', 'exit_announced', 'exiting', 'exited', 'closed'] as const

/** Reads filters out of an address; anything that isn't one is dropped, never an error. */
export function readFilters(search: Record<string, unknown>): Filters {
  const filters: Filters = {}
  const text = (key: string) => (typeof search[key] === 'string' || typeof search[key] === 'number' ? String(search[key]).trim() : '')
  const technology = text('technology')
  if (among(TECHNOLOGIES, technology)) filters.technology = technology
  const country = text('country').toUpperCase()
  if (/^[A-Z]{2}$/.test(country)) filters.country = country
  const state = text('state')
  if (among(STATES, state)) filters.state = state
  const q = text('q').slice(0, 100)
  if (q) filters.q = q
  const sort = text('sort')
  if (among(SORTS, sort) && sort !== defaultSort(filters)) filters.sort = sort
  return filters
}

/** The order when none was chosen: the best match for a search, the newest otherwise. */
export function defaultSort(filters: Filters): Sort {
  return filters.q ? 'relevance' : 'newest'
}

/** The query string for the api, in a fixed order so that equal filters share a cache entry. */
export function filterQuery(filters: Filters, cursor: string | null, limit: number): string {
  const query = new URLSearchParams()
  for (const key of ['technology', 'country', 'state', 'q', 'sort'] as const) {
    const value = filters[key]
    if (value) query.set(key, value)
  }
  query.set('limit', String(limit))
  if (cursor) query.set('cursor', cursor)
  return query.toString()
}

/** How many filters narrow the list; sorting doesn't. */
export function countFilters(filters: Filters): number {
  return [filters.technology, filters.country, filters.state, filters.q].filter(Boolean).length
}

function among<T extends string>(list: readonly T[], value: string): value is T {
  return (list as readonly string[]).includes(value)
}
