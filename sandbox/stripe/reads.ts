import { textAt, valueAt } from '../form.ts'
import { listOf } from './list.ts'
import type { Get } from './method.ts'
import { find, type StripeVendor } from './vendor.ts'

/** What is only read: charges, the balance and events. */
export function registerReads(get: Get, vendor: StripeVendor): void {
  const { balance, charges, events } = vendor.store.state

  get('/charges', (form) => {
    const intent = textAt(form, 'payment_intent')
    const all = Object.values(charges)
    return listOf(intent === undefined ? all : all.filter((charge) => charge.payment_intent === intent), form, '/v1/charges')
  })
  get('/charges/:id', (_form, { id }) => find(charges, 'charge', id!))
  get('/balance_transactions', (form) => {
    const source = textAt(form, 'source')
    const all = Object.values(balance)
    return listOf(source === undefined ? all : all.filter((entry) => entry.source === source), form, '/v1/balance_transactions')
  })
  get('/balance_transactions/:id', (_form, { id }) => find(balance, 'balance_transaction', id!))
  get('/events', (form) => {
    const type = textAt(form, 'type')
    const types = valueAt(form, 'types')
    const since = Number(textAt(form, 'created', 'gte') ?? 0)
    const wanted = Object.values(events).filter(
      (event) =>
        (type === undefined || event.type === type || (type.endsWith('.*') && event.type.startsWith(type.slice(0, -1)))) &&
        (!Array.isArray(types) || types.includes(event.type)) &&
        event.created >= since,
    )
    return listOf(wanted, form, '/v1/events')
  })
  get('/events/:id', (_form, { id }) => find(events, 'event', id!))
}
