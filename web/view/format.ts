import { formatMinor } from '../../common/money.ts'

type Locale = string | undefined
type Numeric = Intl.StringNumericLiteral

/** "$1,234.50" from integer cents; whole amounts keep their cents so that columns line up. Exact at any size. */
export function money(cents: string | bigint, currency = 'USD', locale?: Locale): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(formatMinor(BigInt(cents), 2) as Numeric)
}

/** Large sums on cards: "$1.2M". The full amount belongs in a title beside it. */
export function moneyShort(cents: string | bigint, currency = 'USD', locale?: Locale): string {
  if (BigInt(cents) < 1_000_000n)
    return new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 0 }).format(
      formatMinor(BigInt(cents), 2) as Numeric,
    )
  return new Intl.NumberFormat(locale, { style: 'currency', currency, notation: 'compact', maximumSignificantDigits: 3 }).format(
    formatMinor(BigInt(cents), 2) as Numeric,
  )
}

/** A payout-token amount with two decimals, rounded down: never shows more than can be spent. "<0.01" for dust. */
export function tokens(base: string | bigint, decimals: number, symbol: string, locale?: Locale): string {
  const amount = BigInt(base)
  const cent = 10n ** BigInt(Math.max(decimals - 2, 0))
  if (amount > 0n && amount < cent) return `<${plain('0.01', 2, locale)} ${symbol}`
  return `${plain(formatMinor(amount - (amount % cent), decimals), 2, locale)} ${symbol}`
}

/** A whole number with grouping: units, holders, blocks. */
export function whole(value: string | bigint | number, locale?: Locale): string {
  return new Intl.NumberFormat(locale).format(BigInt(value))
}

/** "8.25%" from basis points. */
export function percent(bps: number, locale?: Locale): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 }).format(bps / 10_000)
}

/** "850 kW" below a megawatt, "12.5 MW" above. */
export function power(kilowatts: string, locale?: Locale): string {
  const kw = Number(kilowatts)
  const [value, unit] = kw < 1000 ? [kw, 'kW'] : kw < 1_000_000 ? [kw / 1000, 'MW'] : [kw / 1_000_000, 'GW']
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value)} ${unit}`
}

/** "21,000 MWh a year"; gigawatt-hours from ten thousand up. */
export function energy(megawattHours: string, locale?: Locale): string {
  const mwh = Number(megawattHours)
  const [value, unit] = mwh < 10_000 ? [mwh, 'MWh'] : [mwh / 1000, 'GWh']
  return `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value)} ${unit}`
}

/** The last second before a moment, in the reader's own time zone: "2 Dec 2026, 23:59:59 GMT". */
export function lastSecondBefore(iso: string, locale?: Locale, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    ...(timeZone && { timeZone }),
  }).format(new Date(iso).getTime() - 1)
}

/** A moment in the reader's own time zone, with the zone named: "20 Nov 2026, 14:03 GMT+1". */
export function moment(iso: string, locale?: Locale, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    ...(timeZone && { timeZone }),
  }).format(new Date(iso))
}

/** A day without its hour. */
export function day(iso: string, locale?: Locale, timeZone?: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', ...(timeZone && { timeZone }) }).format(new Date(iso))
}

/** "0x1234…abcd" for addresses and hashes; screen readers and the clipboard get the whole. */
export function shortHex(hex: string): string {
  return hex.length <= 12 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`
}

/** "1.4 MB" of a file. */
export function fileSize(bytes: string, locale?: Locale): string {
  const value = Number(bytes)
  const [amount, unit] = value < 1000 ? [value, 'byte'] : value < 1_000_000 ? [value / 1000, 'kilobyte'] : [value / 1_000_000, 'megabyte']
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit,
    unitDisplay: unit === 'byte' ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(amount)
}

/** "38° 34′ N, 7° 54′ W". */
export function coordinates(latitude: number, longitude: number): string {
  return `${degrees(latitude, 'N', 'S')}, ${degrees(longitude, 'E', 'W')}`
}

/** The country's name in the reader's language; the code itself where the browser knows no name. */
export function countryName(code: string, locale?: Locale): string {
  try {
    return new Intl.DisplayNames(locale === undefined ? [] : [locale], { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}

function plain(decimal: string, fractionDigits: number, locale: Locale) {
  return new Intl.NumberFormat(locale, { minimumFractionDigits: fractionDigits, maximumFractionDigits: fractionDigits }).format(
    decimal as Numeric,
  )
}

function degrees(value: number, positive: string, negative: string) {
  const minutes = Math.round(Math.abs(value) * 60)
  return `${Math.floor(minutes / 60)}° ${String(minutes % 60).padStart(2, '0')}′ ${value < 0 ? negative : positive}`
}
