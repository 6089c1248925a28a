import { test } from 'node:test'
import { expect } from 'chai'
import { countFilters, filterQuery, readFilters } from './filters.ts'

test('filters are read from an address and rubbish is dropped without complaint', () => {
  expect(readFilters({ technology: 'wind', country: 'pt', state: 'active', q: '  mill ', sort: 'return' })).to.deep.equal({
    technology: 'wind',
    country: 'PT',
    state: 'active',
    q: 'mill',
    sort: 'return',
  })
  expect(readFilters({ technology: 'coal', country: 'Portugal', state: 'draft', q: '', sort: 'luck' })).to.deep.equal({})
})

test('a search for a number stays a search', () => {
  expect(readFilters({ q: 42 })).to.deep.equal({ q: '42' })
})

test('the default order leaves the address clean', () => {
  expect(readFilters({ sort: 'newest' })).to.deep.equal({})
  expect(readFilters({ q: 'dam', sort: 'relevance' })).to.deep.equal({ q: 'dam' })
  expect(readFilters({ q: 'dam', sort: 'newest' })).to.deep.equal({ q: 'dam', sort: 'newest' })
})

test('the query for the api is stable and carries the cursor', () => {
  expect(filterQuery({ q: 'a&b', technology: 'solar' }, 'c1', 12)).to.equal('technology=solar&q=a%26b&limit=12&cursor=c1')
})

test('sorting does not count as a filter', () => {
  expect(countFilters({ sort: 'name' })).to.equal(0)
  expect(countFilters({ technology: 'wind', q: 'x' })).to.equal(2)
})
