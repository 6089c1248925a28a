import type { Check } from '@onfido/api'
import type { Deliverer } from '../deliver.ts'
import type { Store } from '../state.ts'
import type { Result } from './objects.ts'

export interface OnfidoVendor {
  store: Store
  deliverer: Deliverer
  now: () => Date
  baseUrl(): string
}

/**
 * Completes a check and says so by webhook. As in Onfido's sandbox the applicant's last name decides:
 * "Consider" makes every report a consider, anything else is clear.
 */
export function completeCheck({ store, deliverer, now }: OnfidoVendor, check: Check): void {
  if (check.status === 'complete') return
  const applicant = store.state.applicants[check.applicant_id]
  const result: Result = applicant?.last_name?.trim().toLowerCase() === 'consider' ? 'consider' : 'clear'
  for (const id of check.report_ids ?? []) {
    const report = store.state.reports[id]!
    report.status = 'complete'
    report.result = result
    if (report.name.startsWith('document')) report.sub_result = result === 'clear' ? 'clear' : 'caution'
    report.breakdown = { data_consistency: { result } }
  }
  check.status = 'complete'
  check.result = result
  store.changed()
  const body = {
    payload: {
      resource_type: 'check',
      action: 'check.completed',
      object: { id: check.id, status: 'complete', completed_at_iso8601: now().toISOString(), href: `https://api.onfido.com${check.href}` },
    },
  }
  deliverer.send('onfido', check.id, 'check.completed', JSON.stringify(body))
}

/** Completes the checks that wait for nobody, a second after they were made. */
export function completeDue(vendor: OnfidoVendor): void {
  for (const check of Object.values(vendor.store.state.checks)) {
    if (check.status === 'in_progress' && vendor.now().getTime() - Date.parse(check.created_at!) >= 1_000) completeCheck(vendor, check)
  }
}
