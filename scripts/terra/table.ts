/** Rows as aligned columns; columns that hold only numbers are set flush right. `limit` shortens a long list and says so. */
export function formatTable(headings: string[], rows: string[][], limit = Infinity): string {
  const shown = rows.slice(0, limit)
  const widths = headings.map((heading, column) => Math.max(heading.length, ...shown.map((row) => (row[column] ?? '').length)))
  const isNumeric = headings.map((_, column) => shown.length > 0 && shown.every((row) => /^[-+]?[\d,.]+$/.test(row[column] ?? '')))
  const line = (cells: string[]) =>
    cells
      .map((cell, column) => (isNumeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!)))
      .join('  ')
      .trimEnd()
  const lines = [line(headings), line(widths.map((width) => '-'.repeat(width))), ...shown.map(line)]
  if (rows.length > shown.length) lines.push(`… and ${rows.length - shown.length} more`)
  return lines.join('\n')
}
