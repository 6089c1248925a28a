import { type AnyContract, ethers, STATE } from '../fixture.ts'
import { holdersOf, holdingOf, type Model } from './model.ts'
import { movableOf } from './moves.ts'
import type { Scene } from './scene.ts'

/** What every kind of step needs: chance, people, projects and amounts worth trying. */

export interface Walk {
  scene: Scene
  model: Model
  pick: (below: number) => number
  /** Keys of the people who have one; contracts take part without. */
  keys: Map<string, AnyContract>
  people: string[]
  counter: number
  /** Calls that went through, by name. */
  done: Map<string, number>
}
/** One call, and what the model makes of it. */
export interface Step {
  from: string
  to: AnyContract
  method: string
  args: readonly unknown[]
  deed: () => void
  /** The holder that the forwarder speaks for. */
  behalf?: string
  /** Asked of the ledger before the transfer: operator, from, to, project, units. */
  question?: [string, string, string, number, number]
}
export type MakeStep = (walk: Walk) => Step | null | Promise<Step | null>

export const one = <T>({ pick }: Walk, list: readonly T[]): T => list[pick(list.length)]!
export const chance = ({ pick }: Walk, of: number) => pick(of) === 0
export const freshId = (walk: Walk, word: string) => ethers.id(`${word} ${walk.counter++}`)

export function holderStep(walk: Walk, holder: string, to: AnyContract, method: string, args: readonly unknown[], deed: () => void): Step {
  const isForwarded = chance(walk, 8)
  return { from: isForwarded ? walk.scene.forwarder : holder, to, method, args, deed, ...(isForwarded && { behalf: holder }) }
}

export function officerStep({ scene }: Walk, to: AnyContract, method: string, args: readonly unknown[], deed: () => void): Step {
  return { from: scene.admin, to, method, args, deed }
}

/** Mostly a project in one of the states; now and then any other, or none. */
export function aProject(walk: Walk, states: readonly number[] = [STATE.active]): number {
  const all = [...walk.model.projects.values()]
  const liked = all.filter(({ state }) => states.includes(state))
  if (liked.length > 0 && !chance(walk, 12)) return one(walk, liked).id
  return chance(walk, 10) ? 999 : one(walk, all).id
}

/** Mostly somebody with units. */
export function aHolder(walk: Walk, projectId: number): string {
  const holders = holdersOf(walk.model, projectId).filter((address) => walk.people.includes(address))
  return holders.length > 0 && !chance(walk, 8) ? one(walk, holders) : one(walk, walk.people)
}

/** Amounts at and around every limit. */
export function someUnits(walk: Walk, projectId: number, holder: string): number {
  const { balance, frozen } = holdingOf(walk.model, projectId, holder)
  const movable = movableOf(walk.model, projectId, holder)
  const edges = [0, 1, movable, movable + 1, balance, balance + 1, Math.max(0, balance - frozen)]
  return chance(walk, 2) ? one(walk, edges) : walk.pick(balance + 1)
}
