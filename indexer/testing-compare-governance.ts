import { keccak256, toHex, zeroHash } from 'viem'
import { accessManagerAbi, communityDaoAbi, governorAbi } from '../common/abi.ts'
import type { Comparison, Row } from './testing-compare.ts'

/** Every view of the governors that shows state. */
export async function compareGovernors(comparison: Comparison): Promise<void> {
  const { rows, same, now } = comparison
  for (const governor of await rows('select * from chain.governor')) {
    const view = (name: string, args: readonly unknown[], expected: unknown) => same(governor.governor, governorAbi, name, args, expected)
    await view('votingDelay', [], governor.voting_delay_seconds)
    await view('votingPeriod', [], governor.voting_period_seconds)
    await view('proposalThreshold', [], governor.proposal_threshold_units)
    await view('quorumBps', [], governor.quorum_bps)
    await view('timelock', [], governor.timelock)
    const voters = await rows('select account from chain.account')
    for (const { owner, nonce } of await rows('select * from chain.next_nonce where contract = $1', governor.governor))
      await view('nonces', [owner], nonce)
    for (const proposal of await rows(
      `select p.*, ceil(e.supply * q.value / 10000) as quorum,
        (select max(vote_end_seconds) from chain.proposal_created c where c.governor = p.governor and c.proposer = p.proposer) as next_at
      from chain.proposal p
      join chain.epoch e on e.project_id = p.project_id and e.epoch = p.epoch
      cross join lateral (
        select value from chain.governor_set s
        where s.governor = p.governor and s.setting = 'quorum_bps' and s.block_number <= p.block_number
        order by s.block_number desc limit 1
      ) q
      where p.governor = $1`,
      governor.governor,
    )) {
      const id = proposal.proposal_id
      await view('projectId', [], proposal.project_id)
      await view('epochOf', [id], proposal.epoch)
      await view('nextProposalAt', [proposal.proposer], proposal.next_at)
      await view('proposalProposer', [id], proposal.proposer)
      await view('proposalSnapshot', [id], proposal.vote_start_seconds)
      await view('proposalDeadline', [id], proposal.vote_end_seconds)
      await view('proposalEta', [id], proposal.eta_seconds ?? 0)
      await view('proposalVotes', [id], [proposal.against_units, proposal.for_units, proposal.abstain_units])
      await view('quorum', [proposal.vote_start_seconds], proposal.quorum)
      await view('state', [id], stateOf(proposal, now))
      const voted = await rows('select voter from chain.vote where governor = $1 and proposal_id = $2', governor.governor, id)
      for (const { account } of voters)
        await view(
          'hasVoted',
          [id, account],
          voted.some(({ voter }) => voter === account),
        )
    }
  }
  await compareCalls(comparison)
}

/** The calls of a proposal give its id. */
async function compareCalls({ rows, same }: Comparison): Promise<void> {
  for (const proposal of await rows(
    `select p.governor, p.proposal_id, p.description, array_agg(c.target::text order by batch_index) as targets,
      array_agg(c.value_wei::text order by batch_index) as values, array_agg(c.calldata order by batch_index) as calldatas
    from chain.proposal_created p join chain.proposal_call c using (governor, proposal_id)
    group by 1, 2, 3`,
  )) {
    const args = [proposal.targets, proposal.values.map(BigInt), proposal.calldatas, keccak256(toHex(proposal.description))]
    await same(proposal.governor, governorAbi, 'getProposalId', args, proposal.proposal_id)
  }
}

/** As IGovernor.ProposalState counts. */
function stateOf(proposal: Row, now: number): number {
  const fixed = { cancelled: 2, queued: 5, executed: 7 }[proposal.step as string]
  if (fixed !== undefined) return fixed
  if (now <= Number(proposal.vote_start_seconds)) return 0
  if (now <= Number(proposal.vote_end_seconds)) return 1
  const counted = BigInt(proposal.for_units) + BigInt(proposal.abstain_units)
  return counted >= BigInt(proposal.quorum) && BigInt(proposal.for_units) > BigInt(proposal.against_units) ? 4 : 3
}

/** Every view of the timelocks that shows state. */
export async function compareTimelocks({ rows, same, now }: Comparison): Promise<void> {
  for (const { timelock, delay_seconds } of await rows(
    'select distinct on (timelock) timelock, delay_seconds from chain.timelock_delay order by timelock, block_number desc, log_index desc',
  ))
    await same(timelock, communityDaoAbi, 'getMinDelay', [], delay_seconds)
  for (const { timelock, role, account, is_member } of await rows('select * from chain.timelock_member'))
    await same(timelock, communityDaoAbi, 'hasRole', [role, account], is_member)
  for (const { timelock, role, admin_role } of await rows(
    `select distinct on (timelock, role) timelock, role, coalesce(admin_role, '${zeroHash}') as admin_role
    from chain.timelock_role
    order by timelock, role, step = 'administered' desc, block_number desc, log_index desc`,
  ))
    await same(timelock, communityDaoAbi, 'getRoleAdmin', [role], admin_role)
  for (const { timelock, operation_id: id, step, ready_seconds } of await rows(
    'select *, ready_seconds::bigint as ready_seconds from chain.timelock_operation',
  )) {
    // OpenZeppelin's marks: nothing is 0, done is 1.
    const timestamp = { cancelled: 0, executed: 1 }[step as string] ?? ready_seconds
    const state = { cancelled: 0, executed: 3 }[step as string] ?? (Number(ready_seconds) <= now ? 2 : 1)
    await same(timelock, communityDaoAbi, 'getTimestamp', [id], timestamp)
    await same(timelock, communityDaoAbi, 'getOperationState', [id], state)
  }
}

/** Every view of the access manager that shows state. */
export async function compareAccess({ scene, rows, same, now }: Comparison): Promise<void> {
  const view = (name: string, args: readonly unknown[], expected: unknown) =>
    same(scene.deployment.accessManager, accessManagerAbi, name, args, expected)
  for (const grant of await rows('select * from chain.access_grant'))
    await view('hasRole', [grant.role_id, grant.account], [grant.is_member, grant.is_member ? grant.delay_seconds : 0])
  for (const grant of await rows(`select *, coalesce(extract(epoch from since)::bigint, 0) as since from chain.access_grant`))
    await view('getAccess', [grant.role_id, grant.account], [grant.since, grant.delay_seconds ?? 0, 0, 0])
  const newest = (table: string, key: string, where: string) =>
    rows(`select distinct on (${key}) * from chain.${table} where ${where} order by ${key}, block_number desc, log_index desc`)
  for (const rule of await newest('access_target', 'target, selector', `setting = 'function'`))
    await view('getTargetFunctionRole', [rule.target, rule.selector], rule.role_id)
  for (const rule of await newest('access_target', 'target', `setting = 'closed'`))
    await view('isTargetClosed', [rule.target], rule.is_closed)
  for (const rule of await newest('access_target', 'target', `setting = 'admin_delay'`))
    await view('getTargetAdminDelay', [rule.target], rule.delay_seconds)
  for (const role of await newest('access_role', 'role_id', `setting = 'admin'`))
    await view('getRoleAdmin', [role.role_id], role.other_role_id)
  for (const role of await newest('access_role', 'role_id', `setting = 'guardian'`))
    await view('getRoleGuardian', [role.role_id], role.other_role_id)
  for (const role of await newest('access_role', 'role_id', `setting = 'grant_delay'`))
    await view('getRoleGrantDelay', [role.role_id], role.delay_seconds)
  for (const operation of await newest('access_operation', 'operation_id', 'true')) {
    const isOpen = operation.step === 'scheduled' && Number(operation.ready_seconds) + 7 * 86_400 > now
    await view('getSchedule', [operation.operation_id], isOpen ? operation.ready_seconds : 0)
    await view('getNonce', [operation.operation_id], operation.nonce)
  }
}
