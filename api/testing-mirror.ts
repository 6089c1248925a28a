import { numberToHex } from 'viem'
import type { Pool } from '../common/node/db.ts'

/** Writes rows as the indexer would, so that reading can be tested without a chain. Each call is a block of its own. */
export interface TestMirror {
  project(projectId: number, state?: string): Promise<void>
  state(projectId: number, state: string): Promise<void>
  transfer(projectId: number, from: string, to: string, units: number): Promise<void>
  /** A mint: transfer and receipt. */
  mint(projectId: number, to: string, units: number, investmentId?: string): Promise<void>
  /** The reversal of a mint: its units are burned. */
  reverse(projectId: number, holder: string, units: number, investmentId: string): Promise<void>
  /** A distribution of `amount` among `supply` units. */
  distribute(projectId: number, epoch: number, supply: number, amount: bigint): Promise<void>
  claim(projectId: number, holder: string, uptoEpoch: number, amount: bigint): Promise<void>
  exitStep(projectId: number, step: string, dao: string): Promise<void>
  account(account: string, investorId: string, flags: number, expiresAt: string): Promise<void>
  notify(channel: string, payload: string): Promise<void>
}

export const NOBODY = '0x0000000000000000000000000000000000000000'

export function testMirror(admin: Pool, startTime = new Date('2026-01-01T00:00:00Z')): TestMirror {
  let block = 0
  const cumulative = new Map<number, bigint>()

  async function next() {
    block++
    const time = new Date(startTime.getTime() + block * 2_000)
    const hash = numberToHex(block, { size: 32 })
    await admin.query(`insert into chain.block (block_number, block_hash, parent_hash, block_time) values ($1, $2, $3, $4)`, [
      block,
      hash,
      numberToHex(block - 1, { size: 32 }),
      time,
    ])
    await admin.query(
      `insert into chain.checkpoint (chain_id, contract, start_block, block_number, block_hash, block_time, final_block, holding_block)
       values (31337, '0x1000000000000000000000000000000000000001', 0, $1, $2, $3, 0, $1)
       on conflict (id) do update set block_number = excluded.block_number, block_hash = excluded.block_hash, block_time = excluded.block_time,
         holding_block = excluded.holding_block`,
      [block, hash, time],
    )
    return { block, time, hash }
  }
  async function insert(table: string, row: Record<string, unknown>, at?: Awaited<ReturnType<typeof next>>, logIndex = 0) {
    const { block: number, time, hash } = at ?? (await next())
    const all = { block_number: number, log_index: logIndex, block_time: time, tx_hash: hash, ...row }
    await admin.query(
      `insert into chain.${table} (${Object.keys(all).join(', ')}) values (${Object.keys(all)
        .map((_, index) => `$${index + 1}`)
        .join(', ')})`,
      Object.values(all),
    )
  }
  async function move(projectId: number, from: string, to: string, units: number, at?: Awaited<ReturnType<typeof next>>) {
    const parties = { operator: from, from_address: from, to_address: to }
    await insert('transfer', { batch_index: 0, ...parties, project_id: projectId, units }, at)
    const changes = [
      [from, -units],
      [to, units],
    ] as const
    for (const [holder, delta] of changes)
      if (holder !== NOBODY)
        await admin.query(
          `insert into chain.holding as h (project_id, holder, units) values ($1, $2, $3)
           on conflict (holder, project_id) do update set units = h.units + excluded.units`,
          [projectId, holder, delta],
        )
    await admin.query('delete from chain.holding where units = 0')
  }

  return {
    async project(projectId, state = 'active') {
      const at = await next()
      await insert(
        'project_created',
        {
          project_id: projectId,
          cap: 1_000_000,
          max_holders: 0,
          lock_days: 0,
          payout_token: '0x1000000000000000000000000000000000000004',
          exit_target_per_unit: 0,
        },
        at,
      )
      await insert('project_state', { project_id: projectId, state, reason: numberToHex(0, { size: 32 }) }, at, 1)
      await insert(
        'metadata',
        { project_id: projectId, version: 1, metadata_hash: numberToHex(projectId, { size: 32 }), uri: `ipfs://test${projectId}` },
        at,
        2,
      )
    },
    state: (projectId, state) => insert('project_state', { project_id: projectId, state, reason: numberToHex(0, { size: 32 }) }),
    transfer: (projectId, from, to, units) => move(projectId, from, to, units),
    async mint(projectId, to, units, investmentId) {
      const at = await next()
      await move(projectId, NOBODY, to, units, at)
      await insert(
        'receipt',
        {
          investment_id: investmentId ?? numberToHex(1_000_000 + at.block, { size: 32 }),
          project_id: projectId,
          investor: to,
          units,
          unlock_day: 0,
        },
        at,
        1,
      )
    },
    async reverse(projectId, holder, units, investmentId) {
      const at = await next()
      await move(projectId, holder, NOBODY, units, at)
      const reason = numberToHex(1, { size: 32 })
      await insert('reversal', { investment_id: investmentId, project_id: projectId, holder, units, reason }, at, 1)
    },
    async distribute(projectId, epoch, supply, amount) {
      const at = await next()
      const sum = (cumulative.get(projectId) ?? 0n) + (amount << 64n) / BigInt(supply)
      cumulative.set(projectId, sum)
      await insert('epoch', { project_id: projectId, epoch, supply, amount: amount.toString(), cumulative_per_unit: sum.toString() }, at)
      await insert(
        'distribution',
        {
          distribution_id: numberToHex(2_000_000 + at.block, { size: 32 }),
          project_id: projectId,
          epoch,
          token: '0x1000000000000000000000000000000000000004',
          amount: amount.toString(),
          report_hash: numberToHex(epoch, { size: 32 }),
          report_uri: 'ipfs://report',
        },
        at,
        1,
      )
    },
    claim: (projectId, holder, uptoEpoch, amount) =>
      insert('claim', { project_id: projectId, holder, upto_epoch: uptoEpoch, amount: amount.toString(), paid_to: holder }),
    exitStep: (projectId, step, dao) => insert('exit_step', { project_id: projectId, step, dao }),
    account: (account, investorId, flags, expiresAt) =>
      insert('account_set', { account, flags, expires_at: expiresAt, country: 276, class: 0, investor_id: investorId }),
    async notify(channel, payload) {
      await admin.query('select pg_notify($1, $2)', [channel, payload])
    },
  }
}
