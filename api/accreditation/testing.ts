/** A form with one document, as a browser sends it. */
export function evidenceForm(
  kind: string,
  { name = 'paper.pdf', type = 'application/pdf', content = Buffer.from('%PDF-1.7\nevidence') } = {},
): { body: Buffer; headers: { 'content-type': string } } {
  const before =
    `--B\r\ncontent-disposition: form-data; name="kind"\r\n\r\n${kind}\r\n` +
    `--B\r\ncontent-disposition: form-data; name="file"; filename="${name}"\r\ncontent-type: ${type}\r\n\r\n`
  const body = Buffer.concat([Buffer.from(before), content, Buffer.from('\r\n--B--\r\n')])
  return { body, headers: { 'content-type': 'multipart/form-data; boundary=B' } }
}
