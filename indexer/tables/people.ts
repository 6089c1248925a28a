import type { TableKinds } from './kinds.ts'

/** Who stands behind an address, and which wallet took another's place: events of ledger and registrar; and whose signatures were used. */
export const PEOPLE_TABLES = {
  account_set: { account: 'text', flags: 'int', expires_at: 'seconds', country: 'int', class: 'int', investor_id: 'numeric' },
  wallet_relink: { investor_id: 'numeric', from_address: 'text', to_address: 'text' },
  holding_move: {
    project_id: 'int',
    from_address: 'text',
    to_address: 'text',
    units: 'numeric',
    locked: 'numeric',
    unlock_day: 'int',
    carried: 'numeric',
  },
  revocation: { investor_id: 'numeric', account: 'text', issued_at: 'seconds' },
  attestation: { investor_id: 'numeric', account: 'text', issued_at: 'seconds' },
  attestation_use: { attestor: 'text', digest: 'text' },
  nonce_use: { contract: 'text', owner: 'text', nonce: 'numeric' },
} as const satisfies TableKinds
