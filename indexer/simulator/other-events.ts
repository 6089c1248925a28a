import { type Hex, keccak256, toHex } from 'viem'
import { type Emitted, emit, ZERO } from './events.ts'
import type { Random } from './random.ts'

/** What a made-up event may draw on; `count` is another number each time. */
interface Draw {
  random: Random
  count: number
  holder: () => Hex
  projectId: number
}

/** A selection of the ledger's events besides transfers, as the contract emits them, and what makes each unique. */
export const OTHER_EVENTS: readonly ((draw: Draw) => { emitted: Emitted[]; claims: string[] })[] = [
  ({ random, count, holder }) =>
    of('AccountSet', {
      account: holder(),
      flags: random.int(256),
      expiry: random.pick([0, 1_800_000_000, 2 ** 40 - 1]),
      country: random.int(1000),
      class: random.int(4),
      investorId: BigInt(random.pick([0, count])),
    }),
  ({ random, projectId }) =>
    unique(`project ${projectId}`, 'ProjectCreated', {
      projectId: BigInt(projectId),
      terms: {
        cap: 2 ** 50,
        maxHolders: random.int(1000),
        maxHolderBps: random.int(10_000),
        lockDays: random.int(1000),
        dailyMintCap: 10 ** 12,
        payoutToken: random.hex(20),
        treasury: random.hex(20),
        exitTargetPerUnit: BigInt(random.int(1000)),
        buyOutPerUnit: 0n,
        metadataHash: random.hex(32),
        uri: 'ipfs://terms',
      },
    }),
  ({ random, projectId }) => of('ProjectStateChanged', { projectId: BigInt(projectId), state: 1 + random.int(7), reason: random.hex(32) }),
  ({ random, count, projectId }) =>
    of('MetadataSet', {
      projectId: BigInt(projectId),
      version: BigInt(count),
      metadataHash: random.hex(32),
      uri: random.pick(['', 'ipfs://plain', 'null \u0000 inside', 'Ünïcode ☀ 🌍', '\\N\t"quoted", \n', 'x'.repeat(3_000)]),
    }),
  ({ random, count, holder, projectId }) =>
    of('InvestmentMinted', {
      investmentId: idOf(count),
      projectId: BigInt(projectId),
      investor: holder(),
      units: 5n,
      unlockDay: BigInt(random.int(30_000)),
    }),
  ({ random, count, projectId }) =>
    of('InvestmentSkipped', { investmentId: idOf(count), projectId: BigInt(projectId), reason: random.int(20) }),
  ({ count, holder, projectId, random }) =>
    of('InvestmentReversed', {
      investmentId: idOf(count),
      projectId: BigInt(projectId),
      holder: holder(),
      units: 5n,
      reason: random.hex(32),
    }),
  ({ count, holder, projectId }) =>
    of('LotReleased', { investmentId: idOf(count), projectId: BigInt(projectId), holder: holder(), units: BigInt(count) }),
  ({ count, projectId }) =>
    of('EpochOpened', {
      projectId: BigInt(projectId),
      epoch: BigInt(count),
      supply: 10n,
      amount: 77n,
      cumulativePerUnit: 2n ** 200n + BigInt(count),
    }),
  ({ holder, projectId }) =>
    of('HoldingMoved', { projectId: BigInt(projectId), from: holder(), to: holder(), units: 0n, locked: 0n, unlockDay: 0n, carried: 9n }),
  ({ holder, projectId }) => of('ExitAnnounced', { projectId: BigInt(projectId), communityDao: holder(), notBefore: 1_800_000_000n }),
  ({ projectId }) => of('ExitCancelled', { projectId: BigInt(projectId) }),
  ({ projectId }) => of('ExitBatch', { projectId: BigInt(projectId), holders: 3n, units: 9n, remaining: 1n }),
  ({ holder, random }) => of(random.pick(['Paused', 'Unpaused']), { account: holder() }),
  ({ holder, random }) => of('ApprovalForAll', { account: holder(), operator: holder(), approved: random.chance(0.5) }),
  ({ projectId }) => of('URI', { value: 'ipfs://uri', id: BigInt(projectId) }),
  // An event of the ledger that its own interface doesn't know, in the mirror of any ERC-1155 contract.
  ({ random }) => ({ emitted: [{ ...emit('Paused', { account: ZERO }), topics: [random.hex(32)] }], claims: [] }),
]

function of(eventName: string, args: Record<string, unknown>) {
  return { emitted: [emit(eventName, args)], claims: [] }
}

function unique(claim: string, eventName: string, args: Record<string, unknown>) {
  return { emitted: [emit(eventName, args)], claims: [claim] }
}

function idOf(count: number): Hex {
  return keccak256(toHex(`id ${count}`))
}
