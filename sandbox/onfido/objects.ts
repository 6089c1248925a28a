import { randomUUID } from 'node:crypto'
import type { Applicant, Check, CheckBuilder } from '@onfido/api'

export type Result = 'clear' | 'consider'

/** The fields that every kind of report shares. */
export interface StoredReport {
  id: string
  name: string
  href: string
  created_at: string
  status: 'awaiting_data' | 'complete'
  result: Result | null
  sub_result: 'clear' | 'caution' | null
  check_id: string
  documents: { id: string }[]
  breakdown: Record<string, { result: Result }>
  properties: Record<string, unknown>
}

export function newApplicant(given: Omit<Applicant, 'id'>, now: Date): Applicant {
  const id = randomUUID()
  return { ...given, id, created_at: now.toISOString(), href: `/v3.6/applicants/${id}`, sandbox: true }
}

export function newCheck(given: CheckBuilder, now: Date, baseUrl: string): { check: Check; reports: StoredReport[] } {
  const id = randomUUID()
  const byApplicant = given.applicant_provides_data === true
  const reports = given.report_names.map((name) => newReport(name, id, now))
  const check: Check = {
    id,
    applicant_id: given.applicant_id,
    applicant_provides_data: byApplicant,
    created_at: now.toISOString(),
    href: `/v3.6/checks/${id}`,
    paused: false,
    privacy_notices_read_consent_given: given.privacy_notices_read_consent_given ?? false,
    report_ids: reports.map((report) => report.id),
    results_uri: `${baseUrl}/onfido/results/${id}`,
    sandbox: true,
    status: byApplicant ? 'awaiting_applicant' : 'in_progress',
    tags: given.tags ?? [],
    version: '3.6',
    webhook_ids: given.webhook_ids ?? [],
    ...(given.redirect_uri !== undefined && { redirect_uri: given.redirect_uri }),
    ...(byApplicant && { form_uri: `${baseUrl}/onfido/forms/${id}` }),
  }
  return { check, reports }
}

function newReport(name: string, checkId: string, now: Date): StoredReport {
  const id = randomUUID()
  return {
    id,
    name,
    href: `/v3.6/reports/${id}`,
    created_at: now.toISOString(),
    status: 'awaiting_data',
    result: null,
    sub_result: null,
    check_id: checkId,
    documents: [],
    breakdown: {},
    properties: {},
  }
}
