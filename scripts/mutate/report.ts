import type { Explanation } from './explained.ts'
import type { Tried } from './run-mutants.ts'

export interface Score {
  killed: number
  /** Real mutants, without those explained as equivalent. */
  counted: number
  equivalent: number
  survivors: Tried[]
  /** Survivors nobody gave a reason for. */
  unexplained: Tried[]
}

export function scoreOf(all: Tried[], explanations: Map<string, Explanation>): Score {
  const real = all.filter(({ outcome }) => outcome.state !== 'invalid')
  const survivors = real.filter(({ outcome }) => outcome.state === 'survived')
  const equivalent = survivors.filter(({ mutant }) => explanations.get(mutant.id)?.isEquivalent).length
  return {
    killed: real.length - survivors.length,
    counted: real.length - equivalent,
    equivalent,
    survivors,
    unexplained: survivors.filter(({ mutant }) => !explanations.has(mutant.id)),
  }
}

/** Killed mutants of those that count, in percent. */
export function percentOf({ killed, counted }: Score): number {
  return counted === 0 ? 100 : (100 * killed) / counted
}

/** What is to be done about: each survivor with its place and change. */
export function formatSurvivors({ survivors }: Score, explanations: Map<string, Explanation>): string {
  return survivors
    .map(({ mutant: { id, file, line, place, operator, before, after } }) => {
      const explanation = explanations.get(id)
      const state = explanation === undefined ? 'not explained' : explanation.isEquivalent ? 'equivalent' : 'explained'
      return `${id}  ${file}:${line}  ${place}  ${operator}  (${state})\n  - ${before}\n  + ${after}`
    })
    .join('\n')
}

/** Operators with killed and tried, one line each. */
export function formatByOperator(all: Tried[]): string {
  const real = all.filter(({ outcome }) => outcome.state !== 'invalid')
  const operators = [...new Set(real.map(({ mutant }) => mutant.operator))].sort()
  return operators
    .map((operator) => {
      const mine = real.filter(({ mutant }) => mutant.operator === operator)
      const killed = mine.filter(({ outcome }) => outcome.state === 'killed').length
      return `  ${operator.padEnd(24)} ${String(killed).padStart(4)} of ${mine.length}`
    })
    .join('\n')
}
