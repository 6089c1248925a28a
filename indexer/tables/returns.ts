import type { TableKinds } from './kinds.ts'

/** Events of the vault: money to the holders. */
export const RETURNS_TABLES = {
  distribution: {
    project_id: 'int',
    epoch: 'int',
    token: 'text',
    amount: 'numeric',
    report_hash: 'text',
    report_uri: 'text',
    distribution_id: 'text',
  },
  offchain_distribution: {
    attestation_id: 'text',
    project_id: 'int',
    epoch: 'int',
    root: 'text',
    total: 'numeric',
    currency: 'text',
    report_hash: 'text',
    report_uri: 'text',
  },
  claim: { project_id: 'int', holder: 'text', upto_epoch: 'int', amount: 'numeric', paid_to: 'text' },
  claim_skip: { project_id: 'int', holder: 'text' },
  payout_address_set: { holder: 'text', payout_address: 'text' },
  token_allowed_set: { token: 'text', is_allowed: 'boolean' },
  clawback_notice: { project_id: 'int', step: 'text', upto_epoch: 'int?', not_before: 'seconds?' },
  clawback: { project_id: 'int', holder: 'text', upto_epoch: 'int', amount: 'numeric', treasury: 'text' },
} as const satisfies TableKinds
