import { createHash } from 'node:crypto'
import { type Edit, OPERATORS } from './operators.ts'
import { placeOf, rangeOf, type SyntaxNode, visit } from './syntax.ts'

export interface Mutant {
  /** Stays the same as long as the changed piece of code does, wherever in its file it moves. */
  id: string
  /** e.g. `contracts/ledger/Exits.sol` */
  file: string
  line: number
  /** e.g. `Exits.batch` */
  place: string
  operator: string
  before: string
  after: string
  edit: Edit
}

export interface SourceFile {
  file: string
  content: string
  syntax: SyntaxNode
}

/** Every mutant that the operators find in a file. */
export function findMutants({ file, content, syntax }: SourceFile): Mutant[] {
  const source = Buffer.from(content)
  const text = (node: SyntaxNode) => source.toString('utf8', rangeOf(node).start, rangeOf(node).end)
  const seen = new Map<string, number>()
  const mutants: Mutant[] = []
  for (const { node, parents } of visit(syntax)) {
    for (const [operator, apply] of Object.entries(OPERATORS)) {
      for (const edit of apply({ node, parents }, text, source)) {
        const place = placeOf(parents)
        const { before, after } = showEdit(source, node, edit)
        const key = [file, place, operator, before, after].join('\n')
        const nth = (seen.get(key) ?? 0) + 1
        seen.set(key, nth)
        const id = createHash('sha256').update(`${key}\n${nth}`).digest('hex').slice(0, 8)
        const line = source.subarray(0, edit.start).toString().split('\n').length
        mutants.push({ id, file, line, place, operator, before, after, edit })
      }
    }
  }
  return mutants
}

/** The file with the mutant in it. */
export function applyEdit(content: string, { start, end, replacement }: Edit): string {
  const source = Buffer.from(content)
  return Buffer.concat([source.subarray(0, start), Buffer.from(replacement), source.subarray(end)]).toString()
}

/**
 * All mutants in the order in which they are tried: the operators take turns, each going on in the file that had the fewest so far,
 * and chance, by the seed, decides the rest. So any beginning of the list is a fair sample.
 */
export function orderMutants(mutants: Mutant[], seed: number): Mutant[] {
  const below = random(seed)
  const byOperator = new Map<string, Mutant[]>()
  for (const mutant of shuffle(mutants, below)) byOperator.set(mutant.operator, [...(byOperator.get(mutant.operator) ?? []), mutant])
  const taken = new Map<string, number>()
  const ordered: Mutant[] = []
  while (byOperator.size > 0) {
    for (const [operator, left] of byOperator) {
      const next = left.reduce((best, one) => ((taken.get(one.file) ?? 0) < (taken.get(best.file) ?? 0) ? one : best))
      left.splice(left.indexOf(next), 1)
      if (left.length === 0) byOperator.delete(operator)
      taken.set(next.file, (taken.get(next.file) ?? 0) + 1)
      ordered.push(next)
    }
  }
  return ordered
}

/** What a person needs to see of an edit: the node it belongs to, before and after, on one line each. */
function showEdit(source: Buffer, node: SyntaxNode, { start, end, replacement }: Edit): { before: string; after: string } {
  const range = rangeOf(node)
  const [from, to] = [Math.min(range.start, start), Math.max(range.end, end)]
  const piece = (first: number, last: number) => source.toString('utf8', first, last)
  const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim()
  return { before: oneLine(piece(from, to)), after: oneLine(piece(from, start) + replacement + piece(end, to)) }
}

/** Seeded and repeatable (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

function shuffle<T>(values: T[], below: (limit: number) => number): T[] {
  const shuffled = [...values]
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = below(last + 1)
    ;[shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!]
  }
  return shuffled
}
