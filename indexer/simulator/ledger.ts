import { type Hex, maxUint256 } from 'viem'
import { type Move, type Tx, ZERO } from './events.ts'

/** The contract's own rules on one branch: who has how much, and what was done already. */
export interface Ledger {
  /** True when no holder would be overdrawn and nothing unique would happen twice. */
  admits(tx: Tx): boolean
  apply(tx: Tx): void
  /** Takes back what was applied last. */
  undo(tx: Tx): void
  /** Pairs with units, in the order in which they first had some. */
  pairs(): { projectId: number; holder: Hex; units: bigint }[]
  copy(): Ledger
}

export function createLedger(balances = new Map<string, bigint>(), done = new Set<string>()): Ledger {
  const add = (projectId: number, holder: Hex, units: bigint): boolean => {
    if (holder === ZERO) return true
    const key = `${projectId}|${holder}`
    const after = (balances.get(key) ?? 0n) + units
    balances.set(key, after)
    return after >= 0n && after <= maxUint256
  }
  const move = ({ projectId, from, to, units }: Move) => add(projectId, from, -units) && add(projectId, to, units)
  const moveBack = ({ projectId, from, to, units }: Move) => {
    add(projectId, to, -units)
    add(projectId, from, units)
  }
  return {
    admits({ moves, claims }) {
      if (claims.some((claim) => done.has(claim))) return false
      // Tried out on the books themselves: a batch may spend what an earlier part of it brought.
      const tried: Move[] = []
      const isCovered = moves.every((each) => {
        const before = balances.get(`${each.projectId}|${each.from}`) ?? 0n
        if (each.from !== ZERO && before < each.units) return false
        tried.push(each)
        return move(each)
      })
      for (const each of tried.reverse()) moveBack(each)
      return isCovered
    },
    apply({ moves, claims }) {
      for (const claim of claims) done.add(claim)
      for (const each of moves) move(each)
    },
    undo({ moves, claims }) {
      for (const claim of claims) done.delete(claim)
      for (const each of moves.toReversed()) moveBack(each)
    },
    pairs: () =>
      [...balances]
        .filter(([, units]) => units > 0n)
        .map(([key, units]) => ({ projectId: Number(key.split('|')[0]), holder: key.split('|')[1] as Hex, units })),
    copy: () => createLedger(new Map(balances), new Set(done)),
  }
}
