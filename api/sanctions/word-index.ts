import { distance } from 'fastest-levenshtein'
import { skeletonOf } from './name-tokens.ts'

export interface Likeness {
  /** Place in the vocabulary. */
  word: number
  /** 0.8 to 1 */
  similarity: number
}

export interface WordIndex {
  /** Words of the vocabulary that could be the same as this one, however it is spelled. */
  findAlike(word: string): readonly Likeness[]
}

const LEAST = 0.8
/** A skeleton shorter than this says too little: "Li", "Lee" and "Lu" would be one. */
const TELLING = 3

/**
 * Finds words by their skeletons, of which one sound may be missing, added or another; what is found is measured by edit distance.
 * A word's answer is kept: first names come again and again.
 */
export function indexWords(vocabulary: readonly string[]): WordIndex {
  const skeletons = vocabulary.map(skeletonOf)
  const byKey = new Map<string, number[]>()
  skeletons.forEach((skeleton, word) => {
    for (const key of keysOf(skeleton)) {
      const words = byKey.get(key)
      if (words) words.push(word)
      else byKey.set(key, [word])
    }
  })
  const known = new Map<string, Likeness[]>()
  return {
    findAlike(word) {
      const before = known.get(word)
      if (before) return before
      const skeleton = skeletonOf(word)
      const seen = new Set<number>()
      const alike: Likeness[] = []
      for (const key of keysOf(skeleton)) {
        for (const other of byKey.get(key) ?? []) {
          if (seen.has(other)) continue
          seen.add(other)
          const similarity = similarityOf(word, vocabulary[other]!, skeleton === skeletons[other] && skeleton.length >= TELLING)
          if (similarity >= LEAST) alike.push({ word: other, similarity })
        }
      }
      known.set(word, alike)
      return alike
    },
  }
}

/** 1 for the same word; the same skeleton brings a word two thirds of the way there. */
function similarityOf(one: string, other: string, isSameSound: boolean): number {
  if (one === other) return 1
  const ratio = 1 - distance(one, other) / Math.max(one.length, other.length)
  return isSameSound ? (2 + ratio) / 3 : ratio
}

/** The skeleton and, where it is long enough, itself without each of its sounds: two that differ in one share a key. */
function keysOf(skeleton: string): string[] {
  if (skeleton.length < TELLING) return [skeleton]
  return [skeleton, ...Array.from(skeleton, (_, at) => skeleton.slice(0, at) + skeleton.slice(at + 1))]
}
