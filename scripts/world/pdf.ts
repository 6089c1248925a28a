/** A plain PDF 1.4 file of text: a heading, then paragraphs, wrapped and paged. The same text gives the same bytes. */
export function textPdf(heading: string, paragraphs: string[]): Uint8Array {
  const pages = paginate(paragraphs.flatMap((paragraph) => [...wrap(paragraph), '']))
  const objects: string[] = []
  const kids = pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ')
  objects.push('<< /Type /Catalog /Pages 2 0 R >>')
  objects.push(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`)
  objects.push('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>')
  pages.forEach((lines, index) => {
    const content = pageContent(index === 0 ? heading : '', lines)
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + index * 2} 0 R >>`,
      `<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`,
    )
  })
  return Buffer.from(assemble(objects), 'latin1')
}

const LINE_WIDTH = 92
const LINES_PER_PAGE = 48

function wrap(paragraph: string): string[] {
  const lines: string[] = []
  for (const part of paragraph.split('\n')) {
    let line = ''
    for (const word of part.split(' ')) {
      if (line !== '' && line.length + word.length + 1 > LINE_WIDTH) {
        lines.push(line)
        line = ''
      }
      line = line === '' ? word : `${line} ${word}`
    }
    lines.push(line)
  }
  return lines
}

function paginate(lines: string[]): string[][] {
  const pages: string[][] = []
  for (let start = 0; start < lines.length; start += LINES_PER_PAGE) pages.push(lines.slice(start, start + LINES_PER_PAGE))
  return pages.length === 0 ? [[]] : pages
}

function pageContent(heading: string, lines: string[]): string {
  const title = heading === '' ? '' : `BT /F1 18 Tf 56 780 Td (${escapeText(heading)}) Tj ET\n`
  return `${title}BT /F1 10.5 Tf 14 TL 56 744 Td\n${lines.map((line) => `(${escapeText(line)}) Tj T*`).join('\n')}\nET`
}

/** WinAnsi covers what the texts use, once the typographic signs have their byte. */
function escapeText(text: string): string {
  return text
    .replace(/[\\()]/g, '\\$&')
    .replace(/[’‘]/g, '\\222')
    .replace(/–/g, '\\226')
    .replace(/[^\x20-\xff]/g, '?')
}

function assemble(objects: string[]): string {
  let file = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = Buffer.byteLength(file, 'latin1')
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = Buffer.byteLength(file, 'latin1')
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  return `${file}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
}
