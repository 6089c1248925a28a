/** Whole units that `amountCents` buys at `unitPriceCents`, or null when it does not buy a whole number of them. */
export function unitsFor(amountCents: bigint, unitPriceCents: bigint): bigint | null {
  if (amountCents <= 0n || unitPriceCents <= 0n || amountCents % unitPriceCents !== 0n) return null
  return amountCents / unitPriceCents
}

/** The part of `cents` that `bps` takes, rounded down: whoever is charged gains the rest. */
export function bpsOf(cents: bigint, bps: bigint): bigint {
  return (cents * bps) / 10_000n
}

/** Formats integer minor units as a decimal number with `decimals` digits, e.g. (12345n, 2) → "123.45". */
export function formatMinor(minor: bigint, decimals: number): string {
  const sign = minor < 0n ? '-' : ''
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, '0')
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** Reads a decimal number of at most `decimals` digits as minor units, or null when it is not one. "1,000", "1e3" and "" are not. */
export function parseMinor(text: string, decimals: number): bigint | null {
  const match = /^(\d{1,15})(?:\.(\d+))?$/.exec(text)
  if (!match || (match[2]?.length ?? 0) > decimals) return null
  return BigInt(match[1] + (match[2] ?? '').padEnd(decimals, '0'))
}
