import { describe, it } from 'node:test'
import { expect } from 'chai'
import { cleanFileName, mediaTypeOf } from './file-type.ts'

const png = Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(16)])
const pdf = Buffer.from('%PDF-1.7\n...')
const codeOf = (content: Buffer | string, name: string, declared = 'application/octet-stream') => {
  try {
    return mediaTypeOf(Buffer.from(content), name, declared)
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('mediaTypeOf', () => {
  for (const [content, name, type] of [
    [pdf, 'a.pdf', 'application/pdf'],
    [pdf, 'A.PDF', 'application/pdf'],
    [png, 'a.png', 'image/png'],
    [Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'a.jpeg', 'image/jpeg'],
    ['{"a":1}', 'a.json', 'application/json'],
    ['month,kWh\n2026-01,5\n', 'a.csv', 'text/csv'],
    ['Grüße', 'a.txt', 'text/plain'],
  ] as const) {
    it(`knows ${name} as ${type}`, () => void expect(codeOf(content as Buffer, name)).to.equal(type))
  }

  for (const [what, content, name, declared] of [
    ['a program named PDF', 'MZ\x90\x00', 'a.pdf', undefined],
    ['a PDF named JPEG', pdf, 'a.jpg', undefined],
    ['a PDF declared as an image', pdf, 'a.pdf', 'image/png'],
    ['HTML named text', '<!DOCTYPE html><script>', 'a.txt', undefined],
    ['an SVG named CSV', '  <svg onload=alert(1)>', 'a.csv', undefined],
    ['an SVG', '<svg/>', 'a.svg', undefined],
    ['an archive', 'PK\x03\x04', 'a.zip', undefined],
    ['a program', 'MZ', 'a.exe', undefined],
    ['a file without an ending', pdf, 'prospectus', undefined],
    ['two endings of which the last is not allowed', pdf, 'a.pdf.exe', undefined],
    ['text with control characters', 'a\x00b', 'a.txt', undefined],
    ['text that is not UTF-8', Buffer.from([0x61, 0xff]), 'a.csv', undefined],
    ['JSON that is cut off', '{"a":', 'a.json', undefined],
    ['JSON that is only a number', '7', 'a.json', undefined],
  ] as const) {
    it(`refuses ${what}`, () => void expect(codeOf(content as Buffer, name, declared)).to.equal('FILE_TYPE'))
  }

  it('calls an empty file incomplete', () => void expect(codeOf('', 'a.pdf')).to.equal('FILE_INCOMPLETE'))
})

describe('cleanFileName', () => {
  for (const [given, clean] of [
    ['../../etc/passwd', 'passwd'],
    ['C:\\temp\\report.pdf', 'report.pdf'],
    ['a\u0000b.pdf', 'ab.pdf'],
    ['CON', 'fileCON'],
    ['con.pdf', 'filecon.pdf'],
    ['.pdf', 'pdf'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['a"b<c>.pdf', 'a_b_c_.pdf'],
    ['Prüfbericht 2026.pdf', 'Prüfbericht 2026.pdf'],
    ['', 'file'],
    ['...', 'file'],
  ] as const) {
    it(`makes ${JSON.stringify(given)} ${clean}`, () => void expect(cleanFileName(given)).to.equal(clean))
  }

  it('keeps the ending of a name of four thousand letters', () => {
    const clean = cleanFileName(`${'x'.repeat(4_000)}.pdf`)
    expect(clean).to.have.length(120)
    expect(clean.endsWith('.pdf')).to.equal(true)
  })
})
