import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Figures } from './operations.ts'

export interface Change {
  /** e.g. `ours.exit` */
  figure: string
  /** Undefined when only one side has it. */
  before: number | undefined
  after: number | undefined
}

const PATH = join(import.meta.dirname, '..', 'gas-snapshot.json')
/** A figure may get worse by half a percent; addresses and the compiler's metadata move it by less. */
const TOLERANCE_PER_MILLE = 5

export async function readSnapshot(): Promise<Figures> {
  return JSON.parse(await readFile(PATH, 'utf8')) as Figures
}

export async function writeSnapshot(figures: Figures): Promise<void> {
  await writeFile(PATH, `${JSON.stringify(figures, undefined, 2)}\n`)
}

/** What a check must not let pass: figures that got worse, went missing, or that the snapshot doesn't know. */
export function findRegressions(before: Figures, after: Figures): Change[] {
  return compare(before, after).filter(
    (one) => one.before === undefined || one.after === undefined || 1000 * one.after > one.before * (1000 + TOLERANCE_PER_MILLE),
  )
}

/** Figures that became better by more than the tolerance: time to write the snapshot anew. */
export function findGains(before: Figures, after: Figures): Change[] {
  return compare(before, after).filter(
    (one) => one.before !== undefined && one.after !== undefined && 1000 * one.after < one.before * (1000 - TOLERANCE_PER_MILLE),
  )
}

function compare(before: Figures, after: Figures): Change[] {
  const [old, now] = [flatten(before), flatten(after)]
  return [...new Set([...old.keys(), ...now.keys()])].map((figure) => ({ figure, before: old.get(figure), after: now.get(figure) }))
}

function flatten(figures: Figures): Map<string, number> {
  return new Map(
    Object.entries(figures).flatMap(([suite, row]) =>
      Object.entries(row).map(([operation, gas]) => [`${suite}.${operation}`, gas] as const),
    ),
  )
}
