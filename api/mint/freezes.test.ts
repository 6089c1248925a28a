import { after, before, test } from 'node:test'
import { expect } from 'chai'
import type { Address } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import { freezeAccount, liftFreeze } from '../sanctions/freeze.ts'
import { listUnfrozen, requestFreeze } from './freezes.ts'
import { listUnregistered, requestRegistration } from './registrations.ts'
import { attestor, type Investor, type MintWorld, startMintWorld } from './testing.ts'
import { openCycleScene } from './testing-cycle.ts'

let world: MintWorld
let investor: Investor
before(async () => {
  world = await startMintWorld()
  investor = await world.addInvestor()
  await nextSecond()
})
after(() => world.close())
const { untilQuiet, stateOf } = openCycleScene(() => world)

/** An attestation is newer than the one before by a second at least; the worker tries again until it is. */
const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1_100))

const recordOf = () =>
  world.chain.client.readContract({
    address: world.deployment.ownership as Address,
    abi: ownershipAbi,
    functionName: 'accountOf',
    args: [investor.wallet],
  })

/** What the indexer would have written. */
async function mirror() {
  const { flags } = await recordOf()
  await world.db.admin.query(
    `insert into chain.account_set (block_number, log_index, block_time, tx_hash, account, flags, expires_at, country, class, investor_id)
     select 0, 1 + (select max(log_index) from chain.account_set), now(), tx_hash, account, $2, expires_at, country, class, investor_id
     from chain.account_set where account = $1 limit 1`,
    [investor.wallet.toLowerCase(), flags],
  )
}

test('a frozen account loses its rights on chain, once', async () => {
  const deps = { ...world.engine(), attestor }
  expect(await listUnfrozen(world.pool)).to.deep.equal([])
  await freezeAccount(world.pool, { accountId: investor.accountId, reason: 'Test', cause: 'test 1' }, new Date())
  expect(await listUnfrozen(world.pool)).to.deep.equal([investor.accountId])
  const asked = await Promise.all([1, 2, 3].map(() => requestFreeze(deps, investor.accountId)))
  expect(asked.filter(Boolean)).to.have.length(1)
  await untilQuiet(world.engine())
  expect(await recordOf()).to.include({ flags: 8, investorId: investor.investorId })
  await mirror()
  expect(await listUnfrozen(world.pool)).to.deep.equal([])
  expect(await listUnregistered(world.pool, new Date())).to.deep.equal([])
})

test('nothing is minted to it', async () => {
  const { id, chainId } = await world.addPaid(investor)
  await untilQuiet(world.engine())
  expect(await stateOf(id)).to.deep.equal({ investment: 'review', intent: 'review' })
  expect((await world.receiptOf(chainId)).units).to.equal(0n)
})

test('it has its rights again after the freeze is lifted', async () => {
  const deps = { ...world.engine(), attestor }
  await nextSecond()
  await liftFreeze(world.pool, investor.accountId, new Date())
  expect(await listUnregistered(world.pool, new Date())).to.deep.equal([investor.accountId])
  expect(await requestRegistration(deps, investor.accountId)).to.equal(true)
  await untilQuiet(world.engine())
  expect(await recordOf()).to.include({ flags: 3 })
})
