import { ownershipAbi } from '../common/abi.ts'
import { LEDGER_STATES } from '../common/ledger-states.ts'
import { LEDGER_ROLES } from '../common/node/access.ts'
import { type Comparison, type Row, second } from './testing-compare.ts'

const ZERO = `0x${'0'.repeat(40)}`
const LOT_STATES = ['open', 'released', 'reversed']
const ROLES = ['none', ...Object.keys(LEDGER_ROLES).map((role) => role.replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase())]

/** Every view of the ledger that shows state. */
export async function compareLedger(comparison: Comparison): Promise<void> {
  const { scene, rows, same, now } = comparison
  const at = scene.deployment.ownership
  const view = (name: string, args: readonly unknown[], expected: unknown) => same(at, ownershipAbi, name, args, expected)
  const [paused] = await rows('select is_paused from chain.ledger_pause order by block_number desc, log_index desc limit 1')
  await view('paused', [], paused?.is_paused ?? false)
  const [guard] = await rows('select authority from chain.authority_set where contract = $1 order by block_number desc limit 1', at)
  await view('authority', [], guard!.authority)
  await compareAccounts(comparison, view)
  const projects = await rows('select * from chain.project order by project_id')
  for (const project of projects) await compareProject(comparison, view, project)
  const positions = await rows(
    `select p.*, coalesce(c.amount, 0) as claimable, case when is_exited then 0
      else greatest(0, p.units - greatest(p.frozen, case when $1 < p.unlock_day then p.locked else 0 end)) end as movable
    from chain.position p left join chain.claimable c using (project_id, holder)`,
    Math.floor(now / 86_400),
  )
  for (const position of positions) await comparePosition(view, position)
  const lots = await rows('select * from chain.lot')
  for (const lot of lots) {
    const { investment_id: id, investor, units, project_id: projectId, unlock_day: unlockDay } = lot
    await view('receiptOf', [id], { investor, units, projectId, unlockDay })
    await view('lotOf', [id], [lot.holder, LOT_STATES.indexOf(lot.state)])
  }
}

type View = (name: string, args: readonly unknown[], expected: unknown) => Promise<void>

async function compareAccounts({ scene, rows }: Comparison, view: View): Promise<void> {
  for (const account of await rows(`select *, ${second('expires_at')} as expiry from chain.account`)) {
    const { flags, expiry, country, class: investorClass, investor_id: investorId } = account
    await view('accountOf', [account.account], { flags, expiry, country, class: investorClass, investorId })
    await view('successorOf', [account.account], account.successor ?? ZERO)
  }
  for (const { account, role } of await rows('select * from chain.ledger_role')) await view('roleOf', [account], ROLES.indexOf(role))
  for (const { account, operator, is_approved } of await rows('select * from chain.approval'))
    await view('isApprovedForAll', [account, operator], is_approved)
  for (const { owner, nonce } of await rows('select * from chain.next_nonce where contract = $1', scene.deployment.ownership))
    await view('nonces', [owner], nonce)
}

async function compareProject({ rows, now }: Comparison, view: View, project: Row): Promise<void> {
  const id = project.project_id
  await view('projectOf', [id], {
    state: LEDGER_STATES.indexOf(project.state),
    cap: project.cap,
    supply: project.supply,
    epoch: project.epoch,
    holders: project.holders,
    maxHolders: project.max_holders,
    maxHolderBps: project.max_holder_bps,
    lockDays: project.lock_days,
    dailyMintCap: project.daily_mint_cap,
    payoutToken: project.payout_token,
    treasury: project.treasury,
    exitTargetPerUnit: project.exit_target_per_unit,
    buyOutPerUnit: project.buy_out_per_unit,
    rules: project.rules,
    metadataVersion: project.metadata_version,
    metadataFrozen: project.is_metadata_frozen,
    metadataHash: project.metadata_hash,
  })
  await view('exists', [id], true)
  await view('totalSupply', [id], project.supply)
  await view('uri', [id], project.metadata_uri)
  await view('payoutTokenOf', [id], project.payout_token)
  const blocked = [0n, 0n, 0n, 0n]
  for (const country of project.blocked_countries) blocked[country >> 8]! |= 1n << BigInt(country & 255)
  await view('blockedCountriesOf', [id], blocked)
  const [minted] = await rows(
    `select voucher_units from chain.daily_mint where project_id = $1 and day = date '1970-01-01' + $2::int`,
    id,
    Math.floor(now / 86_400),
  )
  await view('mintedToday', [id], minted?.voucher_units ?? 0)
  const [exit] = await rows(`select dao, ${second('not_before')} as not_before, epoch from chain.exit_state where project_id = $1`, id)
  await view('exitOf', [id], { dao: exit?.dao ?? ZERO, notBefore: exit?.not_before ?? 0, epoch: exit?.epoch ?? 0 })
  const [earned] = await rows(
    `select div(
      coalesce(now.cumulative_per_unit, 0) - coalesce(minted.cumulative_per_unit, 0) + coalesce(now.epoch, 0) - coalesce(minted.epoch, 0),
      18446744073709551616) as per_unit
    from (select max(epoch) as epoch, max(cumulative_per_unit) as cumulative_per_unit from chain.epoch where project_id = $1) now
    left join lateral (
      select e.epoch, e.cumulative_per_unit
      from chain.epoch e
      where e.project_id = $1
        and (e.block_number, e.log_index) < (
          select r.block_number, r.log_index from chain.receipt r where r.project_id = $1 order by 1 desc, 2 desc limit 1
        )
      order by e.epoch desc
      limit 1
    ) minted on true`,
    id,
  )
  await view('earnedPerUnitOf', [id], earned?.per_unit)
  for (const epoch of await rows('select * from chain.epoch where project_id = $1', id)) {
    await view('supplyAt', [id, epoch.epoch], epoch.supply)
    await view('cumulativeAt', [id, epoch.epoch], epoch.cumulative_per_unit)
    for (const { holder, units } of await rows(
      `select p.holder, coalesce(h.units, 0) as units
      from chain.position p left join chain.holding_at_epoch($1, $2) h using (holder)
      where p.project_id = $1`,
      id,
      epoch.epoch,
    ))
      await view('balanceAt', [holder, id, epoch.epoch], units)
  }
}

async function comparePosition(view: View, position: Row): Promise<void> {
  const { project_id: id, holder, units, locked, frozen, claimed, carried } = position
  await view('holdingOf', [id, holder], {
    balance: units,
    locked,
    unlockDay: position.unlock_day,
    clearedDay: position.cleared_day,
    frozen,
    claimed,
    exited: position.is_exited,
    carried,
  })
  await view('balanceOf', [holder, id], units)
  await view('balanceOfBatch', [[holder], [id]], [units])
  await view('getFrozenTokens', [holder, id], frozen)
  await view('movableOf', [holder, id], position.movable)
  await view('claimableOf', [id, holder], position.claimable)
}
