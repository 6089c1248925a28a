/** The dark modules of a QR code as one SVG path, a rectangle for each run. */
export function qrPath(rows: readonly (readonly boolean[])[]): string {
  const parts: string[] = []
  for (const [y, row] of rows.entries()) {
    let start = -1
    for (let x = 0; x <= row.length; x++) {
      if (row[x] && start < 0) start = x
      if (!row[x] && start >= 0) {
        parts.push(`M${start} ${y}h${x - start}v1H${start}z`)
        start = -1
      }
    }
  }
  return parts.join('')
}

/** A key in groups of four, for eyes and fingers. */
export function inGroups(text: string): string {
  return text.replace(/(.{4})(?=.)/g, '$1 ')
}
