import type { Entry } from './entry.ts'
import { nameTokens } from './name-tokens.ts'
import { indexWords } from './word-index.ts'

/** A name of an entry that is like the one that was asked for. */
export interface NameMatch {
  /** Place among the entries. */
  entry: number
  name: string
  isWeak: boolean
  /** 0 to 1: how much of both names is in the other, rare words counting more. */
  score: number
}

export interface NameIndex {
  /** The best name of each entry that reaches `least`. */
  match(name: string, least: number): NameMatch[]
}

interface ListedName {
  entry: number
  name: string
  isWeak: boolean
  words: number[]
  /** Sum of its words' weights. */
  weight: number
}

/** How much the listed name counts against the asked one: a person leaves out names more often than adding some. */
const LISTED_SHARE = 0.5

/** Prepares entries for being searched by name. Of a word the weight is its rarity on the lists: ln(1 + names / names with it). */
export function indexNames(entries: readonly Pick<Entry, 'names'>[]): NameIndex {
  const numbers = new Map<string, number>()
  const counts: number[] = []
  const names: ListedName[] = []
  entries.forEach((entry, at) => {
    for (const { name, isWeak } of entry.names) {
      const words = nameTokens(name).map((token) => {
        const number = numbers.get(token) ?? numbers.size
        numbers.set(token, number)
        counts[number] = (counts[number] ?? 0) + 1
        return number
      })
      if (words.length > 0) names.push({ entry: at, name, isWeak, words, weight: 0 })
    }
  })
  const weights = counts.map((count) => Math.log(1 + names.length / count))
  const rarest = Math.log(1 + names.length)
  const places: number[][] = counts.map(() => [])
  names.forEach((name, at) => {
    for (const word of name.words) places[word]!.push(at)
    name.weight = name.words.reduce((sum, word) => sum + weights[word]!, 0)
  })
  const index = indexWords([...numbers.keys()])
  // One place per name, filled and emptied again for each question: arrays are faster than maps.
  const found = new Float64Array(names.length)
  const hits = new Uint8Array(names.length)

  return {
    match(asked, least) {
      const tokens = nameTokens(asked)
      const alike = tokens.map((token) => index.findAlike(token))
      const touched: number[] = []
      for (const likenesses of alike) {
        for (const { word, similarity } of likenesses) {
          const weight = weights[word]! * similarity
          for (const at of places[word]!) {
            if (found[at] === 0) touched.push(at)
            found[at]! += weight
            hits[at]!++
          }
        }
      }
      const best = new Map<number, NameMatch>()
      for (const at of touched) {
        const name = names[at]!
        const most = boundOf(found[at]!, name.weight, Math.max(tokens.length - hits[at]!, 0))
        found[at] = 0
        hits[at] = 0
        if (most < least) continue
        const score = scoreOf(alike, name)
        const before = best.get(name.entry)
        if (score >= least && (before === undefined || isBetter(score, name, before)))
          best.set(name.entry, { entry: name.entry, name: name.name, isWeak: name.isWeak, score })
      }
      return [...best.values()]
    },
  }

  /** No score is higher: everything found counts as found in both, whatever of the asked name was not is as rare as can be. */
  function boundOf(weight: number, listedWeight: number, missing: number): number {
    return LISTED_SHARE * Math.min(weight / listedWeight, 1) + ((1 - LISTED_SHARE) * weight) / (weight + missing * rarest)
  }

  /** Each word of the listed name with at most one of the asked name, the likest first. */
  function scoreOf(alike: readonly (readonly { word: number; similarity: number }[])[], { words, weight }: ListedName): number {
    const pairs = alike.flatMap((likenesses, token) =>
      likenesses.filter(({ word }) => words.includes(word)).map(({ word, similarity }) => ({ token, word, similarity })),
    )
    pairs.sort((one, other) => other.similarity - one.similarity)
    const usedTokens = new Set<number>()
    const usedWords = new Set<number>()
    let listed = 0
    let askedFound = 0
    let askedWeight = 0
    for (const { token, word, similarity } of pairs) {
      if (usedTokens.has(token) || usedWords.has(word)) continue
      usedTokens.add(token)
      usedWords.add(word)
      listed += weights[word]! * similarity
      askedFound += weights[word]! * similarity
      askedWeight += weights[word]!
    }
    askedWeight += (alike.length - usedTokens.size) * rarest
    return (LISTED_SHARE * listed) / weight + ((1 - LISTED_SHARE) * askedFound) / askedWeight
  }
}

function isBetter(score: number, { isWeak }: ListedName, before: NameMatch): boolean {
  return score > before.score || (score === before.score && before.isWeak && !isWeak)
}
