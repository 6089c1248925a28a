import type { Hex } from 'viem'
import { Stop } from '../errors.ts'

const MAX_INT = 2_147_483_647n

/** A number for an `int` column. @throws Stop UNEXPECTED_EVENT when none holds it */
export function int(value: bigint): number {
  return value <= MAX_INT ? Number(value) : unexpected(`the number ${value}`)
}

/** ERC-1155's id. @throws Stop UNEXPECTED_EVENT above 2^31 − 1: ids are numbers counted up here, not hashes */
export function projectId(id: bigint): number {
  if (id <= MAX_INT) return Number(id)
  throw new Stop('UNEXPECTED_EVENT', `The contract uses the id ${id}; this indexer mirrors contracts whose ids go up to ${MAX_INT}`)
}

/** Postgres texts can't hold the NUL character. */
export function text(value: string): string {
  return value.replaceAll('\u0000', '\uFFFD')
}

/** Addresses are lower case everywhere in the mirror. */
export function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex
}

/** @throws Stop UNEXPECTED_EVENT always */
export function unexpected(what: string): never {
  throw new Stop('UNEXPECTED_EVENT', `A contract emitted what its interface rules out: ${what}; this indexer is older than the contract`)
}
