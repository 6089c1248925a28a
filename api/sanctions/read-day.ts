const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/**
 * A day or year as the lists write it: "23 Nov 1962", "1962-11-23", "1962-11-23T00:00:00", "circa 1962", "Nov 1962", "1962".
 * Returns YYYY-MM-DD, or YYYY where there is no more, or undefined when there is no year. Of "1955 to 1957" it is the first.
 */
export function readDay(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const iso = /^(\d{4})-(\d{2})-(\d{2})/.exec(text)
  if (iso) return iso.slice(1, 4).join('-')
  const spoken = /^(\d{1,2}) ([A-Za-z]{3})[a-z]* (\d{4})$/.exec(text)
  const month = MONTHS.indexOf(spoken?.[2]?.toLowerCase() ?? '') + 1
  if (spoken && month > 0) return `${spoken[3]}-${String(month).padStart(2, '0')}-${spoken[1]!.padStart(2, '0')}`
  return /\b(1[89]\d{2}|20\d{2})\b/.exec(text)?.[1]
}
