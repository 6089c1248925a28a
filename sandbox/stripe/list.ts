import { type Form, textAt } from '../form.ts'
import { invalid, missing } from './errors.ts'
import { integerAt } from './params.ts'

/** A page of Stripe's list object, newest first, by `limit` and `starting_after`. Items come in order of creation. */
export function listOf<T extends { id: string }>(items: T[], form: Form, url: string): object {
  const limit = integerAt(form, 'limit') ?? 10
  if (limit > 100) throw invalid('This value must be less than or equal to 100.', 'limit')
  const newest = [...items].reverse()
  const after = textAt(form, 'starting_after')
  const start = after === undefined ? 0 : newest.findIndex(({ id }) => id === after) + 1
  if (after !== undefined && start === 0) throw missing('object', after, 'starting_after')
  return { object: 'list', data: newest.slice(start, start + limit), has_more: newest.length > start + limit, url }
}
