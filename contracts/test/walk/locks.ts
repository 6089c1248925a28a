import { type Locks, NO_LOCKS } from './model.ts'

/** Lock-ups of one holder in one project. While any lot is locked all of them count, until each is released or the last day comes. */

export const totalOf = (locks: Locks) => [...locks.named.values()].reduce((sum, units) => sum + units, locks.loose)
export const lockedOn = (locks: Locks, day: number) => (day < locks.until ? totalOf(locks) : 0)
export const hadNone = (locks: Locks) => totalOf(locks) === 0 && locks.watermark === 0

/** Without what is over. */
export function current(locks: Locks, day: number): Locks {
  if (totalOf(locks) === 0 || day < locks.until) return locks
  return { ...NO_LOCKS, watermark: Math.max(day, locks.watermark) }
}

/** With one lot more, which is released by itself unless its day is no later than days forgotten before. */
export function withLot(locks: Locks, id: string | null, units: number, day: number, now: number): Locks {
  const kept = current(locks, now)
  const isNamed = id !== null && day > kept.watermark
  return {
    named: isNamed ? new Map([...kept.named, [id, units]]) : kept.named,
    loose: isNamed ? kept.loose : kept.loose + units,
    until: Math.max(day, kept.until),
    watermark: kept.watermark,
  }
}

export function withoutLot(locks: Locks, id: string): Locks {
  const named = new Map(locks.named)
  named.delete(id)
  return settled({ ...locks, named })
}

/** `units` stay locked to the last day; nobody knows any more of which lots. */
export function blurred(locks: Locks, units: number): Locks {
  return settled({ named: new Map(), loose: units, until: locks.until, watermark: Math.max(locks.until, locks.watermark) })
}

function settled(locks: Locks): Locks {
  return totalOf(locks) === 0 ? { ...locks, until: 0 } : locks
}
