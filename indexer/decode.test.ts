import { describe, it } from 'node:test'
import { expect } from 'chai'
import { type Abi, encodeAbiParameters, encodeEventTopics, type Hex, pad, toHex } from 'viem'
import { ownershipAbi, registrarAbi, vaultAbi } from '../common/abi.ts'
import { decode } from './decode.ts'
import { Stop } from './errors.ts'
import type { MinedLog } from './source.ts'

const contracts = { ownership: address(1), vault: address(2), registrar: address(3) }
const [alice, bob, zero] = [address(0xa11ce), address(0xb0b), address(0)]
const hash = (value: number): Hex => pad(toHex(value), { size: 32 })

describe('decode', () => {
  it('makes the same record of a single and of a batch with one id', () => {
    const single = rowsOf(contracts.ownership, ownershipAbi, 'TransferSingle', { operator: bob, from: zero, to: alice, id: 7n, value: 50n })
    const batch = rowsOf(contracts.ownership, ownershipAbi, 'TransferBatch', {
      operator: bob,
      from: zero,
      to: alice,
      ids: [7n],
      values: [50n],
    })
    expect(batch).to.deep.equal(single)
    expect(single).to.deep.equal([
      {
        table: 'transfer',
        columns: {
          block_number: 10n,
          log_index: 0,
          block_time: 1_000n,
          tx_hash: hash(99),
          batch_index: 0,
          operator: bob,
          from_address: zero,
          to_address: alice,
          project_id: 7,
          units: 50n,
        },
      },
    ])
  })

  it('numbers the rows of a batch, also when an id occurs twice', () => {
    const args = { operator: bob, from: alice, to: bob, ids: [7n, 8n, 7n], values: [1n, 2n, 3n] }
    const rows = rowsOf(contracts.ownership, ownershipAbi, 'TransferBatch', args)
    const seen = rows.map(({ columns }) => [(columns as { batch_index: number }).batch_index, (columns as { units: bigint }).units])
    expect(seen).to.deep.equal([
      [0, 1n],
      [1, 2n],
      [2, 3n],
    ])
  })

  it('makes no row of an empty batch', () => {
    expect(
      rowsOf(contracts.ownership, ownershipAbi, 'TransferBatch', { operator: bob, from: alice, to: bob, ids: [], values: [] }),
    ).to.deep.equal([])
  })

  it('keeps amounts above 2^63 exact', () => {
    const value = 2n ** 256n - 1n
    const [row] = rowsOf(contracts.ownership, ownershipAbi, 'TransferSingle', { operator: bob, from: zero, to: alice, id: 1n, value })
    expect((row!.columns as { units: bigint }).units).to.equal(value)
  })

  it('names states as the database does', () => {
    const states = [1, 2, 3, 4, 5, 6, 7, 8].map((state) => {
      const [row] = rowsOf(contracts.ownership, ownershipAbi, 'ProjectStateChanged', { projectId: 1n, state, reason: hash(0) })
      return (row!.columns as { state: string }).state
    })
    expect(states).to.deep.equal(['draft', 'funding', 'active', 'paused', 'exit_announced', 'exiting', 'exited', 'closed'])
  })

  it('fills the columns of an exit step that the step has, and no other', () => {
    const [row] = rowsOf(contracts.ownership, ownershipAbi, 'ExitBatch', { projectId: 3n, holders: 2n, units: 9n, remaining: 1n })
    expect(row).to.deep.include({ table: 'exit_step' })
    expect(row!.columns).to.deep.include({ step: 'batch', holders: 2, units: 9n, remaining: 1n, dao: null, not_before: null, epoch: null })
  })

  it('replaces NUL characters, which Postgres cannot hold', () => {
    const [row] = rowsOf(contracts.ownership, ownershipAbi, 'MetadataSet', {
      projectId: 1n,
      version: 1n,
      metadataHash: hash(1),
      uri: 'ipfs://a\u0000b',
    })
    expect((row!.columns as { uri: string }).uri).to.equal('ipfs://a\uFFFDb')
  })

  it('takes an event from the contract whose event it is, and from no other', () => {
    const log = logOf(address(4), ownershipAbi, 'TransferSingle', { operator: bob, from: zero, to: alice, id: 7n, value: 50n })
    expect(decode([log], contracts, () => 1_000n)).to.deep.equal([])
    expect(decode([{ ...log, address: contracts.vault }], contracts, () => 1_000n)).to.deep.equal([])
  })

  it('decodes the ledger alone when there is no vault and no registrar', () => {
    const log = logOf(contracts.vault, vaultAbi, 'ClaimSkipped', { projectId: 1n, holder: alice })
    expect(decode([log], { ownership: contracts.ownership }, () => 1_000n)).to.deep.equal([])
  })

  it('leaves roles, approvals and the standard’s URI event out', () => {
    const rows = [
      rowsOf(contracts.ownership, ownershipAbi, 'ApprovalForAll', { account: alice, operator: bob, approved: true }),
      rowsOf(contracts.ownership, ownershipAbi, 'RoleSet', { account: alice, role: 1 }),
      rowsOf(contracts.ownership, ownershipAbi, 'URI', { value: 'ipfs://a', id: 1n }),
    ]
    expect(rows.flat()).to.deep.equal([])
  })

  it('keeps the terms of a project apart from those that say none', () => {
    const terms = {
      cap: 9n,
      maxHolders: 8,
      maxHolderBps: 700,
      lockDays: 6,
      dailyMintCap: 5n,
      payoutToken: bob,
      treasury: zero,
      exitTargetPerUnit: 4n,
      buyOutPerUnit: 0n,
      metadataHash: hash(3),
      uri: 'ipfs://a',
    }
    const [row] = rowsOf(contracts.ownership, ownershipAbi, 'ProjectCreated', { projectId: 1n, terms })
    expect(row!.columns).to.deep.include({ cap: 9n, max_holders: 8n, max_holder_bps: 700, daily_mint_cap: 5n, treasury: zero })
    expect(row!.columns).to.deep.include({ lock_days: 6, payout_token: bob, exit_target_per_unit: 4n, buy_out_per_unit: 0n })
  })

  it('puts rows of all contracts in the order of their logs', () => {
    const logs = [
      logOf(contracts.vault, vaultAbi, 'ClaimSkipped', { projectId: 1n, holder: alice }, 0),
      logOf(contracts.ownership, ownershipAbi, 'TransferSingle', { operator: bob, from: zero, to: alice, id: 7n, value: 50n }, 1),
      logOf(contracts.registrar, registrarAbi, 'AccountRevoked', { investorId: 5n, account: alice, issuedAt: 77 }, 2),
    ]
    expect(decode(logs, contracts, () => 1n).map((row) => row.table)).to.deep.equal(['claim_skip', 'transfer', 'revocation'])
  })

  it('stops at an event whose data does not fit', () => {
    const log = logOf(contracts.ownership, ownershipAbi, 'TransferSingle', { operator: bob, from: zero, to: alice, id: 7n, value: 50n })
    expect(() => decode([{ ...log, data: '0x1234' }], contracts, () => 1n)).to.throw(Stop, 'rules out')
  })

  it('stops at a project id that no column holds', () => {
    const log = logOf(contracts.ownership, ownershipAbi, 'TransferSingle', {
      operator: bob,
      from: zero,
      to: alice,
      id: 2n ** 31n,
      value: 1n,
    })
    expect(() => decode([log], contracts, () => 1n)).to.throw(Stop, '2147483648')
  })

  it('has a row, or a reason to have none, for every event of the three interfaces', () => {
    const without = [
      // Rights, not holdings.
      ...['ApprovalForAll', 'AuthorityUpdated', 'EIP712DomainChanged', 'RoleSet', 'AttestationUsed', 'TokenAllowedSet', 'PayoutAddressSet'],
      // Told by another event as well: MetadataSet, TransferSingle, AccountSet.
      ...['URI', 'ForcedTransfer', 'WalletRelinked'],
      // Rules that the contract applies, and that nothing here computes with.
      ...['DailyMintCapSet', 'RulesSet', 'CountriesSet', 'MetadataFrozen', 'Frozen', 'LockCarried', 'LotMoved'],
      ...['ClawbackAnnounced', 'ClawbackCancelled', 'OffchainDistributionAttested'],
    ]
    const silent: string[] = []
    for (const [at, abi] of [
      [contracts.ownership, ownershipAbi],
      [contracts.vault, vaultAbi],
      [contracts.registrar, registrarAbi],
    ] as const)
      for (const item of abi)
        if (item.type === 'event' && rowsOf(at, abi, item.name, sampleOf(item.inputs)).length === 0) silent.push(item.name)
    expect(silent.filter((name) => !without.includes(name))).to.deep.equal([])
  })
})

function address(value: number): Hex {
  return pad(toHex(value), { size: 20 })
}

function rowsOf(from: Hex, abi: Abi, eventName: string, args: Record<string, unknown>) {
  return decode([logOf(from, abi, eventName, args)], contracts, () => 1_000n)
}

function logOf(from: Hex, abi: Abi, eventName: string, args: Record<string, unknown>, logIndex = 0): MinedLog {
  const event = abi.find((item) => item.type === 'event' && item.name === eventName)
  if (event?.type !== 'event') throw new Error(`No event ${eventName}`)
  const plain = event.inputs.filter((input) => !input.indexed)
  return {
    address: from,
    topics: encodeEventTopics({ abi, eventName, args }) as MinedLog['topics'],
    data: encodeAbiParameters(
      plain,
      plain.map((input) => args[input.name!]),
    ),
    blockNumber: 10n,
    blockHash: hash(10),
    blockTimestamp: 1_000n,
    logIndex,
    transactionHash: hash(99),
    transactionIndex: 0,
    removed: false,
  }
}

interface Input {
  name?: string
  type: string
  components?: readonly Input[]
}

function sampleOf(inputs: readonly Input[]): Record<string, unknown> {
  const value = ({ type, components }: Input): unknown => {
    if (type === 'tuple') return sampleOf(components!)
    if (/\[\d\]$/.test(type)) return Array.from({ length: Number(type.at(-2)) }, () => 1n)
    if (type.endsWith('[]')) return [1n]
    if (type === 'address') return alice
    if (type === 'string') return 'text'
    if (type === 'bool') return true
    if (type.startsWith('bytes')) return hash(1)
    return Number(type.slice(4)) <= 48 ? 1 : 1n
  }
  return Object.fromEntries(inputs.map((input) => [input.name, value(input)]))
}
