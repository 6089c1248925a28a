/** Milliseconds to wait before try number `attempt` (from 0): doubles up to 30 s, spread by `random` so that many clients don't come back at once. */
export function backoffMs(attempt: number, random: () => number): number {
  const full = Math.min(30_000, 500 * 2 ** Math.min(attempt, 10))
  return Math.round(full / 2 + (full / 2) * random())
}
