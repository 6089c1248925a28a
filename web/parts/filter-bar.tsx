import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useState } from 'react'
import { useApi } from '../app.tsx'
import { facetsQuery } from '../queries.ts'
import { countFilters, defaultSort, type Filters, SORT_WORDS, SORTS, type Sort, STATES, TECHNOLOGIES } from '../view/filters.ts'
import { countryName } from '../view/format.ts'
import { PROJECT_STATE, TECHNOLOGY } from '../view/words.ts'

/** Milliseconds of silence after which a typed search is used. */
const PAUSE_MS = 300

/** The filters of Explore. Each change goes into the address at once; counts say what a choice would leave. */
export function FilterBar({ filters, onChange }: { filters: Filters; onChange: (next: Filters) => void }) {
  const facets = useQuery(facetsQuery(useApi())).data
  const set = (key: keyof Filters, value: string) => {
    const { [key]: _, ...rest } = filters
    onChange(value ? ({ ...rest, [key]: value } as Filters) : rest)
  }
  const count = (facet: 'technology' | 'state', value: string) => {
    const found = facets?.[facet].find((entry) => entry.value === value)
    return facets ? ` (${found?.count ?? 0})` : ''
  }
  const sorts = SORTS.filter((sort) => filters.q || sort !== 'relevance')
  return (
    <search className="mt-8 grid gap-3 sm:grid-cols-2 lg:grid-cols-[2fr_1fr_1fr_1fr_1.2fr]">
      <SearchField value={filters.q ?? ''} onChange={(q) => set('q', q)} />
      <Select label="Technology" value={filters.technology ?? ''} onChange={(value) => set('technology', value)}>
        <option value="">Any technology</option>
        {TECHNOLOGIES.map((value) => (
          <option key={value} value={value}>
            {TECHNOLOGY[value] + count('technology', value)}
          </option>
        ))}
      </Select>
      <Select label="Country" value={filters.country ?? ''} onChange={(value) => set('country', value)}>
        <option value="">Any country</option>
        {countryOptions(facets?.country, filters.country).map(({ value, label }) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      <Select label="State" value={filters.state ?? ''} onChange={(value) => set('state', value)}>
        <option value="">Any state</option>
        {STATES.map((value) => (
          <option key={value} value={value}>
            {PROJECT_STATE[value].word + count('state', value)}
          </option>
        ))}
      </Select>
      <Select
        label="Order"
        value={filters.sort ?? defaultSort(filters)}
        onChange={(value) => set('sort', value === defaultSort(filters) ? '' : value)}
      >
        {sorts.map((sort: Sort) => (
          <option key={sort} value={sort}>
            {SORT_WORDS[sort]}
          </option>
        ))}
      </Select>
      {countFilters(filters) > 0 && (
        <p>
          <button type="button" className="btn btn-quiet -ml-3" onClick={() => onChange(filters.sort ? { sort: filters.sort } : {})}>
            Clear filters
          </button>
        </p>
      )}
    </search>
  )
}

function Select({
  label,
  value,
  onChange,
  children,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  children: React.ReactNode
}) {
  const id = useId()
  return (
    <div>
      <label htmlFor={id} className="mb-1 block text-sm font-semibold">
        {label}
      </label>
      <select id={id} className="field" value={value} onChange={(event) => onChange(event.target.value)}>
        {children}
      </select>
    </div>
  )
}

/** Typing doesn't ask the server at every letter, and an address changed elsewhere (Back) shows here. */
function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const id = useId()
  const [text, setText] = useState(value)
  useEffect(() => setText(value), [value])
  useEffect(() => {
    if (text.trim() === value) return
    const timer = setTimeout(() => onChange(text.trim()), PAUSE_MS)
    return () => clearTimeout(timer)
  })
  return (
    <div className="sm:col-span-2 lg:col-span-1">
      <label htmlFor={id} className="mb-1 block text-sm font-semibold">
        Search
      </label>
      <input
        id={id}
        type="search"
        className="field"
        placeholder="Name, place or technology"
        value={text}
        maxLength={100}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  )
}

function countryOptions(facet: { value: string; count: number }[] | undefined, chosen: string | undefined) {
  const known = facet ?? []
  const all = chosen && !known.some(({ value }) => value === chosen) ? [...known, { value: chosen, count: 0 }] : known
  return all
    .map(({ value, count }) => ({ value, label: `${countryName(value)} (${count})` }))
    .sort((a, b) => a.label.localeCompare(b.label))
}
