/** Positions, lots and epochs, from the ledger's events alone: how each event changes what a holder has. */

export interface Position {
  /** Once exited, what the exit took. */
  units: number
  locked: number
  unlockDay: number
  clearedDay: number
  frozen: number
  changedAt: number
  claimed: number
  carried: bigint
  exited: boolean
  moved: boolean
}
export interface Lot {
  projectId: number
  investor: string
  units: number
  day: number
  holder: string
  state: number
}
export interface Epoch {
  supply: number
  cumulative: bigint
  units: Map<string, number>
}
export interface Holdings {
  epochs: Epoch[]
  exitEpoch: number
  positions: Map<string, Position>
}
const RELEASED = 1
const REVERSED = 2

export function noHoldings(): Holdings {
  return { epochs: [], exitEpoch: 0, positions: new Map() }
}

export function positionOf({ positions }: Holdings, address: string): Position {
  if (!positions.has(address)) {
    const empty = {
      units: 0,
      locked: 0,
      unlockDay: 0,
      clearedDay: 0,
      frozen: 0,
      changedAt: 0,
      claimed: 0,
      carried: 0n,
      exited: false,
      moved: false,
    }
    positions.set(address, empty)
  }
  return positions.get(address)!
}

/** Whether lots that are looked for at a retired wallet are found at the one after it. */
export function wasPassedOn(holdings: Holdings, address: string): boolean {
  const { moved, exited, ...rest } = positionOf(holdings, address)
  return moved ? !exited : !exited && Object.values(rest).every((each) => !each)
}

export const unitsOf = (position: Position) => (position.exited ? 0 : position.units)
export const supplyOf = ({ positions }: Holdings) => [...positions.values()].reduce((sum, position) => sum + unitsOf(position), 0)
export const holderCount = ({ positions }: Holdings) => [...positions.values()].filter((position) => unitsOf(position) > 0).length
export const lastEpochOf = (holdings: Holdings, { exited }: Position) => (exited ? holdings.exitEpoch : holdings.epochs.length)

export function movableOf({ units, exited, frozen, locked, unlockDay }: Position, day: number): number {
  return exited ? 0 : Math.max(0, units - Math.max(frozen, day < unlockDay ? locked : 0))
}

export function claimableOf(holdings: Holdings, address: string): bigint {
  const position = positionOf(holdings, address)
  let scaled = 0n
  for (let epoch = position.claimed + 1; epoch <= lastEpochOf(holdings, position); epoch++) {
    const { cumulative, units } = holdings.epochs[epoch - 1]!
    scaled += BigInt(units.get(address) ?? 0) * (cumulative - (holdings.epochs[epoch - 2]?.cumulative ?? 0n))
  }
  return position.carried + (scaled >> 64n)
}

export function openEpoch(holdings: Holdings, supply: number, cumulative: bigint): void {
  const units = new Map([...holdings.positions].map(([address, position]) => [address, unitsOf(position)]))
  holdings.epochs.push({ supply, cumulative, units })
}

export function mint(holdings: Holdings, lot: Lot, today: number): void {
  const position = touched(holdings, lot.investor)
  position.units += lot.units
  if (lot.day > today) lock(position, lot.units, lot.day, today)
  else if (lot.day !== 0) lot.state = RELEASED
}

/** A plain move; of a carried lock-up {@link carryLock} came before. */
export function move(holdings: Holdings, from: string, to: string, units: number, today: number): void {
  if (units === 0 || from === to) return
  clear(positionOf(holdings, from), today)
  touched(holdings, from).units -= units
  touched(holdings, to).units += units
}

export function carryLock(holdings: Holdings, from: string, to: string, units: number, day: number, today: number): void {
  blur(positionOf(holdings, from), positionOf(holdings, from).locked - units)
  lock(positionOf(holdings, to), units, day, today)
}

export function moveLot(holdings: Holdings, lot: Lot, from: string, to: string, today: number): void {
  const sender = positionOf(holdings, from)
  const isCounted = counts(lot, sender)
  if (isCounted) unlock(sender, lot.units)
  move(holdings, from, to, lot.units, today)
  lot.holder = to
  if (isCounted && lot.day > today) lock(positionOf(holdings, to), lot.units, lot.day, today)
  else lot.state = RELEASED
}

export function release(holdings: Holdings, lot: Lot, holder: string): void {
  unlock(positionOf(holdings, holder), lot.units)
  lot.state = RELEASED
}

export function reverse(holdings: Holdings, lot: Lot, holder: string): void {
  const position = touched(holdings, holder)
  if (counts(lot, position)) unlock(position, lot.units)
  position.units -= lot.units
  if (position.locked > position.units) blur(position, position.units)
  lot.state = REVERSED
}

export function takeExit(holdings: Holdings, from: string, dao: string, units: number): void {
  positionOf(holdings, from).exited = true
  touched(holdings, dao).units += units
}

/** The event says what is locked at the new wallet; the day up to which lots are cleared follows from both positions. */
export function moveHolding(
  holdings: Holdings,
  from: string,
  to: string,
  after: { units: number; locked: number; unlockDay: number; carried: bigint },
  today: number,
): void {
  const [sender, receiver] = [positionOf(holdings, from), positionOf(holdings, to)]
  if (!sender.exited && !receiver.exited) {
    touched(holdings, from).units -= after.units
    touched(holdings, to).units += after.units
    const cleared = [sender.clearedDay, receiver.clearedDay]
    if (hadLots(sender)) receiver.clearedDay = hadLots(receiver) ? Math.max(today, ...cleared) : sender.clearedDay
    Object.assign(receiver, { locked: after.locked, unlockDay: after.unlockDay })
    Object.assign(sender, { locked: 0, unlockDay: 0, clearedDay: 0, frozen: 0 })
  }
  receiver.carried += after.carried
  Object.assign(sender, { carried: 0n, claimed: lastEpochOf(holdings, sender), moved: true })
}

/** A position whose balance changes in this epoch. Whoever had nothing at any epoch before starts with all of them paid. */
function touched(holdings: Holdings, address: string): Position {
  const position = positionOf(holdings, address)
  const epoch = holdings.epochs.length
  if (position.changedAt === epoch) return position
  if (position.units === 0 && position.changedAt === 0 && position.claimed === 0) position.claimed = epoch
  position.changedAt = epoch
  return position
}

const hadLots = ({ locked, clearedDay }: Position) => locked !== 0 || clearedDay !== 0
const counts = (lot: Lot, { locked, clearedDay }: Position) => lot.state === 0 && locked !== 0 && lot.day > clearedDay

function clear(position: Position, today: number): void {
  if (position.locked === 0 || today < position.unlockDay) return
  Object.assign(position, { locked: 0, unlockDay: 0, clearedDay: Math.max(today, position.clearedDay) })
}

function lock(position: Position, units: number, day: number, today: number): void {
  clear(position, today)
  position.locked += units
  position.unlockDay = Math.max(position.unlockDay, day)
}

function unlock(position: Position, units: number): void {
  position.locked -= units
  if (position.locked === 0) position.unlockDay = 0
}

function blur(position: Position, units: number): void {
  position.clearedDay = Math.max(position.clearedDay, position.unlockDay)
  position.locked = units
  if (units === 0) position.unlockDay = 0
}
