/** What the node was asked and sent since the last reset. */
export interface Statistics {
  calls: number
  bytesSent: number
  /** Answers that were errors. */
  refused: number
  byMethod: Record<string, number>
}

export function emptyStatistics(): Statistics {
  return { calls: 0, bytesSent: 0, refused: 0, byMethod: {} }
}

/** Counts one request and its answer. */
export function count(statistics: Statistics, method: string, answer: readonly (string | Buffer)[]): void {
  statistics.calls++
  statistics.byMethod[method] = (statistics.byMethod[method] ?? 0) + 1
  for (const part of answer) statistics.bytesSent += part.length
  if (answer.length === 1) statistics.refused++
}
