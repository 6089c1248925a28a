import { type Hex, keccak256, toHex, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { ownershipAbi, payoutTokenAbi, saleAbi } from '../common/abi.ts'
import { TEST_KEYS } from '../common/node/testing.ts'
import { DAY, type Life } from './testing-everything.ts'

const hash = (value: number): Hex => toHex(value, { size: 32 })
const idOf = (name: string) => keccak256(toHex(name))

/** A sale that succeeds (project 3), one that fails (4), one that is given up (6). */
export async function liveAsSellers(life: Life): Promise<void> {
  const { deployment, holders, call, read, now, pass, operator } = life
  const [sale, token] = [deployment.sale as Hex, deployment.payoutToken as Hex]
  const [alice, bob, carol] = holders as [Hex, Hex, Hex]
  for (const buyer of [alice, bob, carol]) {
    await call(token, payoutTokenAbi, 'mint', [buyer, 10n ** 12n])
    await call(token, payoutTokenAbi, 'approve', [sale, 10n ** 12n], buyer)
  }
  for (const projectId of [3, 4, 6]) await open(life, projectId)
  const commit = async (projectId: number, buyer: Hex, units: bigint, salt: number) => {
    const id = await read<Hex>(sale, saleAbi, 'investmentIdOf', [projectId, buyer, hash(salt)])
    await call(sale, saleAbi, 'commit', [projectId, units, hash(salt)], buyer)
    return id
  }
  await pass(100)
  const first = await commit(3, alice, 60n, 1)
  const second = await commit(3, bob, 50n, 2)
  const dropped = await commit(3, alice, 5n, 3)
  const kept = await commit(4, alice, 1n, 1)
  const refunded = await commit(4, bob, 1n, 2)
  await commit(6, carol, 1n, 1)
  await call(sale, saleAbi, 'cancel', [dropped], alice)
  await call(sale, saleAbi, 'setRefundAddress', [carol], bob)
  await call(sale, saleAbi, 'setRefundAddress', [bob], alice)
  await call(sale, saleAbi, 'setRefundAddress', [zeroAddress], alice)

  const attestor = privateKeyToAccount(TEST_KEYS[5])
  const deadline = (await now()) + 100 * DAY
  const fiat = async (id: Hex, buyer: Hex, units: bigint) => {
    const digest = await read<Hex>(sale, saleAbi, 'hashOfFiatCommitment', [3, id, buyer, units, deadline])
    await call(
      sale,
      saleAbi,
      'commitFiat',
      [3, id, buyer, units, deadline, await attestor.sign({ hash: digest })],
      deployment.parties.minter as Hex,
    )
  }
  await fiat(idOf('fiat 1'), carol, 10n)
  await fiat(idOf('fiat 2'), carol, 3n)
  const withdrawal = await read<Hex>(sale, saleAbi, 'hashOfFiatWithdrawal', [idOf('fiat 2'), deadline])
  await call(sale, saleAbi, 'withdrawFiat', [idOf('fiat 2'), deadline, await attestor.sign({ hash: withdrawal })], operator)

  await call(sale, saleAbi, 'abandonSale', [6, hash(6)])
  // Project 3 closes early; a cancellation lets that lapse; it closes when it was to.
  const { closesAt } = await read<{ closesAt: number }>(sale, saleAbi, 'saleOf', [3])
  await pass(5 * DAY)
  await call(sale, saleAbi, 'announceEarlyClose', [3, closesAt - 5 * DAY])
  await call(sale, saleAbi, 'cancel', [second], bob)
  await pass(closesAt - 5 * DAY - (await now()) + 10)
  await call(sale, saleAbi, 'finalize', [3])
  await commit(3, bob, 45n, 4)
  await pass(closesAt - (await now()) + 5 * DAY)
  for (const projectId of [3, 4]) await call(sale, saleAbi, 'finalize', [projectId])
  await call(sale, saleAbi, 'settle', [3, [first, idOf('fiat 1')]])
  await call(sale, saleAbi, 'withdrawProceeds', [3])
  await call(sale, saleAbi, 'refund', [refunded])
  await call(sale, saleAbi, 'refundMany', [[kept, refunded]])
}

async function open({ deployment, call, now, operator }: Life, projectId: number): Promise<void> {
  const [sale, token] = [deployment.sale as Hex, deployment.payoutToken as Hex]
  const terms = {
    cap: 1_000n,
    maxHolders: 50,
    maxHolderBps: 9_000,
    lockDays: 365,
    dailyMintCap: 100n,
    payoutToken: token,
    treasury: operator,
    exitTargetPerUnit: 7n,
    buyOutPerUnit: 3n,
    metadataHash: hash(projectId),
    uri: `ipfs://project-${projectId}`,
  }
  await call(deployment.ownership as Hex, ownershipAbi, 'createProject', [projectId, terms])
  const opensAt = (await now()) + 50
  const saleTerms = {
    currency: token,
    pricePerUnit: 1_000n,
    targetUnits: 100n,
    hardCapUnits: 500n,
    maxFiatUnits: 50n,
    maxUnitsPerInvestor: 200n,
    unlockDays: 365,
    opensAt,
    closesAt: opensAt + 40 * DAY,
    coolingOffSeconds: 4 * DAY,
  }
  await call(sale, saleAbi, 'openSale', [projectId, saleTerms])
}
