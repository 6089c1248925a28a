import { amount, country, day, moment, project, state, theProject, units as unitsOf } from './chain-words.ts'

/** What is known besides the code, as in the error TransferRestricted. `limit` is what the rule compares with. */
export interface RestrictedMove {
  projectId: unknown
  units: unknown
  limit: unknown
}

/** Codes below this one are the ledger's own; the others a project's rules contract gives. */
export const OWN_RULES_CODE = 17
export const CODE_PAUSED = 1
export const CODE_PROJECT_STATE = 2
export const CODE_DAILY_MINT_CAP = 15

/** By the stable code of `detectTransferRestriction`: with the numbers where they are known, else without. A test compares the codes with the contracts'. */
const SENTENCES: Record<number, (move: RestrictedMove | undefined) => string> = {
  1: () => 'The whole ledger is paused at the moment, and nothing moves until the operator lifts that.',
  2: (move) =>
    move === undefined
      ? 'This project doesn’t allow that in its present state.'
      : `${theProject(move.projectId)} is ${state(move.limit)}, and that allows neither transfers nor mints now.`,
  3: () => 'The sending account may not send units.',
  4: () => 'The receiver isn’t a verified investor yet: they need an account here with a passed identity check.',
  5: (move) =>
    move === undefined
      ? 'The receiver’s identity check has expired, and they need to renew it first.'
      : `The receiver’s identity check expired on ${moment(move.limit)}, and they need to renew it first.`,
  6: () => 'One of the two accounts is frozen, or too many of these units are.',
  7: (move) =>
    move === undefined
      ? 'Some of these units are still in their lock-up: send fewer, or wait until it ends.'
      : `Some of these ${unitsOf(move.units)} are in their lock-up until ${day(move.limit)}: send fewer, or wait until then.`,
  8: (move) =>
    move === undefined
      ? 'This project has reached its largest number of holders, so the receiver must already hold some.'
      : `${theProject(move.projectId)} has reached its ${amount(move.limit)} holders, so the receiver must already hold some.`,
  9: (move) =>
    move === undefined
      ? 'The receiver would hold more than this project allows.'
      : `With ${unitsOf(move.units)} more the receiver would hold more than the ${unitsOf(move.limit)} that ${project(move.projectId)} allows one holder.`,
  10: (move) =>
    move === undefined
      ? 'Units of this project may not go to the receiver’s country.'
      : `Units of ${project(move.projectId)} may not go to accounts in ${country(move.limit)}.`,
  11: () => 'Whoever sends this transaction isn’t allowed to move these units.',
  12: () => 'The project is exiting: units only move to the community DAO now.',
  13: (move) =>
    move === undefined
      ? 'There are not that many units left to mint.'
      : `${unitsOf(move.units)} more would pass the ${unitsOf(move.limit)} that ${project(move.projectId)} can ever have.`,
  14: () => 'The receiver is a contract that doesn’t accept units.',
  15: (move) =>
    move === undefined
      ? 'No more units can be minted today; it goes on at midnight UTC.'
      : `${unitsOf(move.units)} more would pass the ${unitsOf(move.limit)} that can be minted of ${project(move.projectId)} in one day; it goes on at midnight UTC.`,
  16: () => 'The project’s own rules can’t be asked at the moment, so nothing moves until the operator removes them.',
}

/** Codes that have a sentence of their own. */
export const RESTRICTION_CODES = Object.keys(SENTENCES).map(Number)

/** Why units may not move, in a sentence; null for 0, which says that they may. */
export function restrictionSentence(code: number, move?: RestrictedMove): string | null {
  if (code === 0) return null
  if (code >= OWN_RULES_CODE) return `The project’s own rules refuse this (reason ${code}).`
  return SENTENCES[code]?.(move) ?? `The ledger refuses this (reason ${code}).`
}
