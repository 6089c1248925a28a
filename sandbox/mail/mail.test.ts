import { after, before, describe, it } from 'node:test'
import { expect } from 'chai'
import { createTransport } from 'nodemailer'
import { startTestSandbox, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import type { Mail } from '../state.ts'

let sandbox: TestSandbox

before(async () => {
  sandbox = await startTestSandbox()
})
after(() => sandbox.stop())

async function send(message: object) {
  const transport = createTransport(sandbox.smtpUrl)
  await transport.sendMail({ from: 'Terra Lumina <hello@terra.example>', ...message })
  transport.close()
}

async function inboxOf(to: string): Promise<Mail[]> {
  return (await fetch(`${sandbox.url}/inbox.json?to=${encodeURIComponent(to)}`)).json() as Promise<Mail[]>
}

describe('The mail sink', () => {
  it('keeps what nodemailer sends, newest first, readable in any encoding', async () => {
    await send({ to: 'ada@example.org', subject: 'Your units arrived', text: 'You now hold 4 units.' })
    await send({
      to: 'ada@example.org',
      subject: 'Zürich: größer — ☀️',
      text: `Grüße aus Zürich\n${'lang '.repeat(60)}`,
      html: '<p>Grüße</p>',
    })
    const [second, first] = await inboxOf('ADA@example.org')
    expect(first).to.deep.include({ subject: 'Your units arrived', to: ['ada@example.org'], from: 'Terra Lumina <hello@terra.example>' })
    expect(first!.text.trim()).to.equal('You now hold 4 units.')
    expect(second!.subject).to.equal('Zürich: größer — ☀️')
    expect(second!.text).to.contain('Grüße aus Zürich').and.contain('lang '.repeat(60).trim()).and.not.contain('<p>')
  })

  it('shows a mail as text, never as markup, with its links to click', async () => {
    await send({
      to: 'eve@example.org',
      subject: '<b>bold</b>',
      text: '<script>alert(1)</script> see http://localhost:3000/verify?a=1&b=2 now',
    })
    const list = await (await fetch(`${sandbox.url}/inbox`)).text()
    expect(list).to.contain('&#60;b&#62;bold').and.not.contain('<b>bold')
    const [mail] = await inboxOf('eve@example.org')
    const response = await fetch(`${sandbox.url}/inbox/${mail!.id}`)
    const shown = await response.text()
    expect(response.headers.get('content-security-policy')).to.contain("default-src 'none'")
    expect(shown).to.contain('&#60;script&#62;').and.not.contain('<script>')
    expect(shown).to.contain('href="http://localhost:3000/verify?a=1&#38;b=2"')
  })

  it('knows nothing of a mail that is not there', async () => {
    expect((await fetch(`${sandbox.url}/inbox/none`)).status).to.equal(404)
    expect(await inboxOf('nobody@example.org')).to.deep.equal([])
  })
})
