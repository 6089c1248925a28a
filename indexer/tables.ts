/** What Postgres gets a column as; `seconds` is a unix time that becomes a timestamptz, `?` may be null. */
type Plain = 'int' | 'bigint' | 'text' | 'numeric' | 'seconds' | 'boolean'
export type Kind = Plain | `${Plain}?`

/** One table per event, the columns it has besides {@link PLACE}. */
export const TABLES = {
  transfer: {
    batch_index: 'int',
    operator: 'text',
    from_address: 'text',
    to_address: 'text',
    project_id: 'int',
    units: 'numeric',
  },
  project_created: {
    project_id: 'int',
    cap: 'numeric',
    max_holders: 'numeric',
    lock_days: 'int',
    payout_token: 'text',
    exit_target_per_unit: 'numeric',
    max_holder_bps: 'int',
    daily_mint_cap: 'numeric',
    treasury: 'text',
    buy_out_per_unit: 'numeric',
  },
  project_state: { project_id: 'int', state: 'text', reason: 'text' },
  metadata: { project_id: 'int', version: 'int', metadata_hash: 'text', uri: 'text' },
  account_set: { account: 'text', flags: 'int', expires_at: 'seconds', country: 'int', class: 'int', investor_id: 'numeric' },
  revocation: { investor_id: 'numeric', account: 'text', issued_at: 'seconds' },
  receipt: { investment_id: 'text', project_id: 'int', investor: 'text', units: 'numeric', unlock_day: 'int' },
  mint_skip: { investment_id: 'text', project_id: 'int', reason: 'int' },
  reversal: { investment_id: 'text', project_id: 'int', holder: 'text', units: 'numeric', reason: 'text' },
  holding_move: {
    project_id: 'int',
    from_address: 'text',
    to_address: 'text',
    units: 'numeric',
    locked: 'numeric',
    unlock_day: 'int',
    carried: 'numeric',
  },
  lot_release: { investment_id: 'text', project_id: 'int', holder: 'text', units: 'numeric' },
  epoch: { project_id: 'int', epoch: 'int', supply: 'numeric', amount: 'numeric', cumulative_per_unit: 'numeric' },
  distribution: {
    project_id: 'int',
    epoch: 'int',
    token: 'text',
    amount: 'numeric',
    report_hash: 'text',
    report_uri: 'text',
    distribution_id: 'text',
  },
  claim: { project_id: 'int', holder: 'text', upto_epoch: 'int', amount: 'numeric', paid_to: 'text' },
  claim_skip: { project_id: 'int', holder: 'text' },
  clawback: { project_id: 'int', holder: 'text', upto_epoch: 'int', amount: 'numeric', treasury: 'text' },
  exit_step: {
    project_id: 'int',
    step: 'text',
    dao: 'text?',
    not_before: 'seconds?',
    epoch: 'int?',
    holders: 'int?',
    units: 'numeric?',
    remaining: 'numeric?',
  },
  ledger_pause: { is_paused: 'boolean' },
} as const satisfies Record<string, Record<string, Kind>>

/** Where an event stands on the chain: the first columns of every table. */
export const PLACE = { block_number: 'bigint', log_index: 'int', block_time: 'seconds', tx_hash: 'text' } as const

export type Table = keyof typeof TABLES

type Value<K> = K extends `${infer Plain}?`
  ? Value<Plain> | null
  : K extends 'int'
    ? number
    : K extends 'text'
      ? string
      : K extends 'boolean'
        ? boolean
        : bigint

export type Columns<T extends Table> = { [C in keyof (typeof TABLES)[T]]: Value<(typeof TABLES)[T][C]> }

/** Where and when an event happened. */
export interface Place {
  block_number: bigint
  log_index: number
  block_time: bigint
  tx_hash: string
}

/** One row of one table, from one event. */
export type RowOf<T extends Table> = { table: T; columns: Columns<T> & Place }
export type Row = { [T in Table]: RowOf<T> }[Table]
