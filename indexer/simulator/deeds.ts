import { type Hex, keccak256, maxUint256, toHex } from 'viem'
import type { SimChain } from './chain.ts'
import { type Emitted, emit, type Move, STRANGERS, type Tx, ZERO } from './events.ts'
import { OTHER_EVENTS } from './other-events.ts'
import type { Random } from './random.ts'

/** Makes up what happens on a chain: every kind of transfer, the ledger's other events, and other contracts' noise. */
export interface Deeds {
  /** A transaction that fits the chain as it is now; it may still be refused after another one in the same block. */
  tx(chain: SimChain): Tx
  /** A batch that mints so many pieces at once. */
  crowd(pieces: number): Tx
  /** What one block holds: nothing in half of them, and now and then a crowd, some of it undone before. */
  block(chain: SimChain): Tx[]
}

export const PROJECTS = [1, 2, 3, 7, 2_147_483_647] as const
const HUGE = 7

/** One log, and the units it moves. */
interface Part {
  emitted: Emitted
  moves?: Omit<Move, 'at'>[]
}

export function createDeeds(random: Random): Deeds {
  const holders = Array.from({ length: 12 }, () => random.hex(20))
  let count = 0

  const finish = (parts: Part[], claims: string[] = []): Tx => {
    const hash = keccak256(toHex(`transaction ${count++} ${random.hex(8)}`))
    return {
      hash,
      emitted: parts.map(({ emitted }) => emitted),
      moves: parts.flatMap(({ moves = [] }, at) => moves.map((move) => ({ ...move, at }))),
      claims: [hash, ...claims],
    }
  }
  const single = (operator: Hex, from: Hex, to: Hex, projectId: number, units: bigint) => ({
    emitted: emit('TransferSingle', { operator, from, to, id: BigInt(projectId), value: units }),
    moves: [{ batchIndex: 0, operator, from, to, projectId, units }],
  })
  const batch = (operator: Hex, from: Hex, to: Hex, items: [number, bigint][]) => ({
    emitted: emit('TransferBatch', { operator, from, to, ids: items.map(([id]) => BigInt(id)), values: items.map(([, units]) => units) }),
    moves: items.map(([projectId, units], batchIndex) => ({ batchIndex, operator, from, to, projectId, units })),
  })
  const someHolder = () => (random.chance(0.05) ? random.hex(20) : random.pick(holders))
  const someUnits = (projectId: number) =>
    projectId === HUGE ? maxUint256 / BigInt(3 + random.int(50)) : BigInt(random.pick([0, 1, 1, 10, 1_000, 1_000_000]) + random.int(3))
  const mint = () => {
    const projectId = random.pick(PROJECTS)
    return single(someHolder(), ZERO, someHolder(), projectId, someUnits(projectId))
  }
  const share = (units: bigint) => random.pick([0n, 1n, units / 2n, units, units - 1n]) % (units + 1n)

  const kinds: { weight: number; make: (chain: SimChain) => Tx }[] = [
    { weight: 4, make: () => finish([mint()]) },
    { weight: 1, make: () => finish([batch(someHolder(), ZERO, someHolder(), someItems(random, someUnits))]) },
    { weight: 8, make: spend((from, id, units) => [single(someHolder(), from, someHolder(), id, share(units))]) },
    { weight: 1, make: spend((from, id, units) => [single(from, from, from, id, units)]) },
    { weight: 2, make: spend((from, id, units) => [single(from, from, ZERO, id, share(units))]) },
    { weight: 4, make: spend((from, id, units, chain) => [batch(from, from, someHolder(), piecesOf(random, chain, from, id, units))]) },
    {
      weight: 1,
      make: spend((from, id, units, chain) => [batch(from, from, random.pick([from, ZERO]), piecesOf(random, chain, from, id, units))]),
    },
    // There and back within one transaction.
    {
      weight: 1,
      make: spend((from, id, units) => [single(from, from, holders[0]!, id, units), single(from, holders[0]!, from, id, units)]),
    },
    { weight: 1, make: () => finish([batch(ZERO, ZERO, someHolder(), [])]) },
    { weight: 1, make: () => finish(Array.from({ length: 20 + random.int(30) }, mint)) },
    { weight: 6, make: other },
    { weight: 3, make: () => finish(noise()) },
    { weight: 1, make: () => finish([...noise(), mint(), ...noise()]) },
    { weight: 1, make: () => finish([]) },
  ]

  function spend(parts: (from: Hex, projectId: number, units: bigint, chain: SimChain) => Part[]) {
    return (chain: SimChain): Tx => {
      const pairs = chain.ledger.pairs()
      if (pairs.length === 0) return finish([mint()])
      const { holder, projectId, units } = random.pick(pairs)
      return finish(parts(holder, projectId, units, chain))
    }
  }
  function other(): Tx {
    const { emitted, claims } = random.pick(OTHER_EVENTS)({ random, count: count++, holder: someHolder, projectId: random.pick(PROJECTS) })
    return finish(
      emitted.map((each) => ({ emitted: each })),
      claims,
    )
  }
  function noise() {
    const copy = { ...mint().emitted, address: random.pick(STRANGERS) }
    const anonymous = { address: random.pick(STRANGERS), topics: [], data: random.hex(random.int(64)) }
    const topical = { address: random.pick(STRANGERS), topics: [random.hex(32), random.hex(32)], data: '0x' as Hex }
    return [random.pick([copy, anonymous, topical])].map((emitted) => ({ emitted }))
  }

  const deeds: Deeds = {
    crowd: (pieces) =>
      finish([
        batch(
          ZERO,
          ZERO,
          someHolder(),
          Array.from({ length: pieces }, () => [random.pick(PROJECTS), BigInt(1 + random.int(9))]),
        ),
      ]),
    tx: (chain) => random.pickWeighted(kinds).make(chain),
    block(chain) {
      if (random.chance(0.5)) return []
      const number = random.chance(0.03) ? 12 : 1 + random.int(3)
      const repeated = random.chance(0.4) ? chain.pool.splice(0, random.int(4)) : []
      const txs = [...repeated, ...Array.from({ length: number }, () => deeds.tx(chain))]
      return random.chance(0.2) ? txs.reverse() : txs
    },
  }
  return deeds
}

function someItems(random: Random, units: (projectId: number) => bigint): [number, bigint][] {
  return Array.from({ length: 1 + random.int(6) }, () => random.pick(PROJECTS)).map((projectId) => [projectId, units(projectId)])
}

/** One holder's units in pieces: the same project several times, nothing of others, and some of what else the holder has. */
function piecesOf(random: Random, chain: SimChain, from: Hex, projectId: number, units: bigint): [number, bigint][] {
  const items: [number, bigint][] = [
    [projectId, units / 3n],
    [random.pick(PROJECTS), 0n],
    [projectId, units / 2n],
  ]
  for (const pair of chain.ledger.pairs())
    if (pair.holder === from && pair.projectId !== projectId && random.chance(0.5)) items.push([pair.projectId, pair.units])
  return random.chance(0.5) ? items.reverse() : items
}
