import { describe, it } from 'node:test'
import { expect } from 'chai'
import { type Abi, decodeAbiParameters, encodeAbiParameters, encodeEventTopics, type Hex, pad, toHex } from 'viem'
import * as abis from '../common/abi.ts'
import {
  accessManagerAbi,
  communityDaoAbi,
  documentsAbi,
  governorAbi,
  ownershipAbi,
  registrarAbi,
  saleAbi,
  vaultAbi,
} from '../common/abi.ts'
import { decode } from './decode.ts'
import { Stop } from './errors.ts'
import type { MinedLog } from './source.ts'
import { PLACE, TABLES } from './tables.ts'

const contracts = {
  ownership: address(1),
  vault: address(2),
  registrar: address(3),
  sale: address(5),
  documents: address(6),
  accessManager: address(7),
  timelocks: [address(8)],
  governors: [address(9)],
}
/** Every contract whose logs are read, with what it can emit. */
const READ: [Hex, Abi][] = [
  [contracts.ownership, ownershipAbi],
  [contracts.vault, vaultAbi],
  [contracts.registrar, registrarAbi],
  [contracts.sale, saleAbi],
  [contracts.documents, documentsAbi],
  [contracts.accessManager, accessManagerAbi],
  [contracts.timelocks[0]!, communityDaoAbi],
  [contracts.governors[0]!, governorAbi],
]
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

  it('passes over what other contracts emit', () => {
    const log = logOf(address(4), ownershipAbi, 'TransferSingle', { operator: bob, from: zero, to: alice, id: 7n, value: 50n })
    expect(decode([log], contracts, () => 1_000n)).to.deep.equal([])
  })

  it('stops at an event that its contract cannot emit', () => {
    const log = logOf(contracts.vault, ownershipAbi, 'TransferSingle', { operator: bob, from: zero, to: alice, id: 7n, value: 50n })
    expect(() => decode([log], contracts, () => 1_000n)).to.throw(Stop, `topic ${log.topics[0]}`)
    expect(() => decode([{ ...log, topics: [] }], contracts, () => 1_000n)).to.throw(Stop, 'topic none')
  })

  it('makes a row of a proposal and one of each of its calls', () => {
    const rows = rowsOf(contracts.governors[0]!, governorAbi, 'ProposalCreated', {
      proposalId: 2n ** 255n,
      proposer: alice,
      targets: [bob, alice],
      values: [1n, 2n],
      signatures: ['', ''],
      calldatas: ['0x', '0x1234'],
      voteStart: 2n ** 48n - 1n,
      voteEnd: 2n ** 48n,
      description: 'Plant trees',
    })
    expect(rows.map(({ table }) => table)).to.deep.equal(['proposal_created', 'proposal_call', 'proposal_call'])
    expect(rows[0]!.columns).to.deep.include({ governor: contracts.governors[0], proposal_id: 2n ** 255n, vote_end_seconds: 2n ** 48n })
    expect(rows[2]!.columns).to.deep.include({ batch_index: 1, target: alice, value_wei: 2n, calldata: '0x1234' })
  })

  it('names roles as the database does', () => {
    const roles = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((role) => {
      const [row] = rowsOf(contracts.ownership, ownershipAbi, 'RoleSet', { account: alice, role })
      return (row!.columns as { role: string }).role
    })
    const servers = ['minter', 'payment_attestor', 'identity_attestor', 'treasurer']
    expect(roles).to.deep.equal(['none', ...servers, 'registrar', 'vault', 'sale', 'governor'])
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

  it('has a row for every event of every contract, but for the one that says nothing', () => {
    const silent = READ.flatMap(([at, abi]) =>
      abi.flatMap((item) => (item.type === 'event' && rowsOf(at, abi, item.name, sampleOf(item.inputs)).length === 0 ? [item.name] : [])),
    )
    expect([...new Set(silent)]).to.deep.equal(['EIP712DomainChanged'])
  })

  it('fills every column of every table', () => {
    const filled = new Map<string, Set<string>>()
    for (const [at, abi] of READ)
      for (const item of abi)
        if (item.type === 'event')
          for (const { table, columns } of rowsOf(at, abi, item.name, sampleOf(item.inputs)))
            for (const [name, value] of Object.entries(columns))
              if (value !== null) filled.set(table, (filled.get(table) ?? new Set()).add(name))
    const missing = Object.entries(TABLES).flatMap(([table, columns]) =>
      Object.keys({ ...PLACE, ...columns }).flatMap((column) => (filled.get(table)?.has(column) ? [] : [`${table}.${column}`])),
    )
    expect(missing).to.deep.equal([])
  })

  it('reads every contract whose ABI the product has, but for one that only passes calls on and one that is somebody else’s', () => {
    const read = new Set<unknown>(READ.map(([, abi]) => abi))
    const unread = Object.entries(abis).flatMap(([name, abi]) => (read.has(abi) || !abi.some(({ type }) => type === 'event') ? [] : [name]))
    expect(unread).to.deep.equal(['forwarderAbi', 'payoutTokenAbi'])
  })
})

describe('decode of any ERC-1155 contract', () => {
  const plain = { ownership: contracts.ownership }
  const decodePlain = (log: MinedLog) => decode([log], plain, () => 1_000n)

  it('reads the four standard events', () => {
    const logs = [
      logOf(contracts.ownership, ownershipAbi, 'TransferSingle', { operator: bob, from: zero, to: alice, id: 7n, value: 50n }, 0),
      logOf(contracts.ownership, ownershipAbi, 'TransferBatch', { operator: bob, from: zero, to: alice, ids: [7n], values: [1n] }, 1),
      logOf(contracts.ownership, ownershipAbi, 'URI', { value: 'ipfs://a', id: 1n }, 2),
      logOf(contracts.ownership, ownershipAbi, 'ApprovalForAll', { account: alice, operator: bob, approved: true }, 3),
    ]
    expect(decode(logs, plain, () => 1n).map(({ table }) => table)).to.deep.equal(['transfer', 'transfer', 'uri_set', 'approval_set'])
  })

  it('reads the text of an event as viem does, in any layout', () => {
    const log = logOf(contracts.ownership, ownershipAbi, 'URI', { value: 'ipfs://a', id: 1n })
    const texts = [
      '',
      'a',
      'b'.repeat(31),
      'c'.repeat(32),
      'd'.repeat(33),
      'ipfs://ü€😀',
      '\u0000x',
      '\ufeffmark',
      'x\u0000',
      'e'.repeat(700),
    ]
    const whole = texts.map((value) => encodeAbiParameters([{ type: 'string' }], [value]))
    const bent = whole.flatMap((data) => [
      data.slice(0, -2) as Hex,
      `${data}${'0'.repeat(64)}` as Hex,
      data.replace('20', '40') as Hex,
      data.replace(/..$/, 'ff') as Hex,
      `${data.slice(0, -1)}g` as Hex,
      `${data.slice(0, 130)}ff${data.slice(132)}` as Hex,
      `0x01${data.slice(4)}` as Hex,
    ])
    for (const data of [...whole, ...bent]) {
      let expected: unknown
      try {
        expected = decodeAbiParameters([{ type: 'string' }], data)[0].replaceAll('\u0000', '\uFFFD')
      } catch {
        expected = 'refused'
      }
      let found: unknown
      try {
        found = (decodePlain({ ...log, data })[0]!.columns as { uri: string }).uri
      } catch (error) {
        expect(error).to.be.instanceOf(Stop)
        found = 'refused'
      }
      expect(found, data).to.equal(expected)
    }
    for (const id of ['0x01', `0x${'g'.repeat(64)}`, `0x${'1'.padEnd(64)}`] as Hex[])
      expect(() => decodePlain({ ...log, topics: [log.topics[0]!, id] })).to.throw(Stop)
  })

  it('passes over its own events, also those that look like ours and are none', () => {
    const log = logOf(contracts.ownership, ownershipAbi, 'Paused', { account: alice })
    expect(decodePlain({ ...log, topics: [hash(1)] })).to.deep.equal([])
    expect(decodePlain({ ...log, topics: [] })).to.deep.equal([])
    expect(decodePlain({ ...log, topics: [log.topics[0]!, hash(1)], data: '0x' })).to.deep.equal([])
    const epoch = { projectId: 2n ** 200n, epoch: 1n, supply: 1n, amount: 1n, cumulativePerUnit: 1n }
    expect(decodePlain(logOf(contracts.ownership, ownershipAbi, 'EpochOpened', epoch))).to.deep.equal([])
  })

  it('stops at a standard event that does not fit, and at an id that is no number counted up', () => {
    const moved = { operator: bob, from: zero, to: alice, id: 7n, value: 50n }
    const log = logOf(contracts.ownership, ownershipAbi, 'TransferSingle', moved)
    expect(() => decodePlain({ ...log, data: '0x' })).to.throw(Stop, 'TransferSingle')
    const large = logOf(contracts.ownership, ownershipAbi, 'TransferSingle', { ...moved, id: 2n ** 255n })
    expect(() => decodePlain(large)).to.throw(Stop, `The contract uses the id ${2n ** 255n}`)
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
  name?: string | undefined
  type: string
  components?: readonly Input[]
}

function sampleOf(inputs: readonly Input[]): Record<string, unknown> {
  const value = ({ type, components }: Input): unknown => {
    if (type === 'tuple') return sampleOf(components!)
    if (/\[\d\]$/.test(type)) return Array.from({ length: Number(type.at(-2)) }, () => 1n)
    if (type.endsWith('[]')) return [value({ type: type.slice(0, -2) })]
    if (type === 'address') return alice
    if (type === 'string') return 'text'
    if (type === 'bool') return true
    if (type === 'bytes4') return '0x12345678'
    if (type.startsWith('bytes')) return hash(1)
    return Number(type.slice(4)) <= 48 ? 1 : 1n
  }
  return Object.fromEntries(inputs.map((input) => [input.name, value(input)]))
}
