/** A table with rows about a person: how they are found, what of them isn't the person's to take along, and what becomes of them when they leave. */
export interface PersonTable {
  name: string
  /** A condition in SQL; $1 is the account. */
  where: string
  /** Columns that open something or mean something to the program only. */
  hidden: readonly string[]
  /** As app.erase_account does it. `evidence` goes too when nothing was ever paid, and else when its time has come: retention.ts. */
  onErase: 'deleted' | 'blanked' | 'evidence' | 'kept, without a name'
}

const OWN = 'account_id = $1'
const OF_INVESTMENT = 'investment_id in (select id from app.investment where account_id = $1)'
const OF_PAYMENT = `payment_id in (select id from app.payment where ${OF_INVESTMENT})`

/** Every table of `app` that refers to an account, by itself or by what refers to one. A test fails when there is another. */
export const PERSON_TABLES: readonly PersonTable[] = [
  { name: 'account', where: 'id = $1', hidden: ['password_hash'], onErase: 'blanked' },
  { name: 'consent', where: OWN, hidden: [], onErase: 'kept, without a name' },
  { name: 'session', where: OWN, hidden: ['refresh_hash', 'family', 'successor'], onErase: 'deleted' },
  { name: 'device', where: OWN, hidden: ['device_hash'], onErase: 'deleted' },
  { name: 'totp', where: OWN, hidden: ['sealed_secret', 'last_step'], onErase: 'deleted' },
  { name: 'recovery_code', where: OWN, hidden: ['code_hash'], onErase: 'deleted' },
  { name: 'passkey', where: OWN, hidden: ['public_key', 'counter'], onErase: 'deleted' },
  { name: 'factor_attempt', where: OWN, hidden: [], onErase: 'deleted' },
  { name: 'feed_ticket', where: OWN, hidden: ['ticket_hash', 'family'], onErase: 'deleted' },
  { name: 'idempotency_key', where: OWN, hidden: ['key', 'request_hash'], onErase: 'deleted' },
  { name: 'mailed_link', where: OWN, hidden: ['token_hash'], onErase: 'deleted' },
  { name: 'identity', where: OWN, hidden: ['sealed'], onErase: 'deleted' },
  { name: 'screening', where: OWN, hidden: ['lists_digest'], onErase: 'deleted' },
  // Of comparisons and cases that they exist, not what was thought: the law forbids tipping off (Directive (EU) 2015/849, article 39).
  { name: 'sanctions_hit', where: OWN, hidden: ['fingerprint', 'matched', 'score'], onErase: 'kept, without a name' },
  { name: 'account_freeze', where: OWN, hidden: ['cause'], onErase: 'kept, without a name' },
  {
    name: 'review_case',
    where: OWN,
    hidden: ['subject', 'reason', 'evidence', 'assignee', 'proposed_by', 'proposed_reason', 'decided_by', 'decided_reason'],
    onErase: 'kept, without a name',
  },
  {
    name: 'review_step',
    where: 'case_id in (select id from app.review_case where account_id = $1)',
    hidden: ['actor', 'reason'],
    onErase: 'kept, without a name',
  },
  // When somebody was looked at, and with what, is not told: see above.
  { name: 'monitor_scan', where: OWN, hidden: ['seen_until', 'scanned_at'], onErase: 'deleted' },
  { name: 'wallet', where: OWN, hidden: [], onErase: 'deleted' },
  { name: 'outside_wallet', where: OWN, hidden: [], onErase: 'deleted' },
  { name: 'kyc_check', where: OWN, hidden: ['form_url', 'due_at'], onErase: 'blanked' },
  { name: 'finances', where: OWN, hidden: [], onErase: 'evidence' },
  { name: 'knowledge_test', where: OWN, hidden: [], onErase: 'evidence' },
  { name: 'loss_simulation', where: OWN, hidden: [], onErase: 'evidence' },
  { name: 'sophistication', where: OWN, hidden: ['decided_by'], onErase: 'evidence' },
  { name: 'accreditation', where: OWN, hidden: [], onErase: 'evidence' },
  { name: 'accreditation_file', where: OWN, hidden: ['sealed'], onErase: 'evidence' },
  { name: 'decision', where: OWN, hidden: [], onErase: 'evidence' },
  { name: 'issuer_member', where: OWN, hidden: [], onErase: 'kept, without a name' },
  // Whom the person invited: the e-mails are others'. Invitations to the person: export-person.ts.
  { name: 'issuer_invitation', where: 'invited_by = $1', hidden: ['email', 'token_hash'], onErase: 'kept, without a name' },
  { name: 'investment', where: OWN, hidden: [], onErase: 'kept, without a name' },
  { name: 'payment', where: OF_INVESTMENT, hidden: ['checkout_url', 'due_at'], onErase: 'kept, without a name' },
  { name: 'wire', where: OF_INVESTMENT, hidden: ['proposed_by', 'decided_by'], onErase: 'kept, without a name' },
  { name: 'provider_entry', where: OF_PAYMENT, hidden: [], onErase: 'kept, without a name' },
  { name: 'notification', where: OWN, hidden: ['cause', 'retry_at'], onErase: 'deleted' },
  { name: 'chain_intent', where: OWN, hidden: ['signer', 'nonce'], onErase: 'kept, without a name' },
  {
    name: 'tx_attempt',
    where: 'intent_id in (select id from app.chain_intent where account_id = $1)',
    hidden: ['raw_tx', 'nonce'],
    onErase: 'kept, without a name',
  },
]
