/** Why a mutant isn't killed. */
export interface Explanation {
  /** It behaves like the original: nothing could kill it, and it doesn't count. */
  isEquivalent: boolean
}

/**
 * Reads the file of explained survivors: a heading `### <id> …` for each, and below it the reason, which begins with
 * `Equivalent:` when the mutant can't be told from the original, or with `Survives:` when it can but no test does.
 * @throws Error when a heading has no such reason
 */
export function readExplanations(markdown: string): Map<string, Explanation> {
  const parts = markdown.split(/^### /m).slice(1)
  return new Map(
    parts.map((part) => {
      const [, id] = /^`?([0-9a-f]{8})\b/.exec(part) ?? []
      const [, kind] = /\n\s*(Equivalent|Survives):\s*\S/.exec(part) ?? []
      if (id === undefined || kind === undefined)
        throw new Error(`Not an id with a reason that begins with Equivalent: or Survives: ### ${part}`)
      return [id, { isEquivalent: kind === 'Equivalent' }]
    }),
  )
}
