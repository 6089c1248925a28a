import type { FastifyInstance } from 'fastify'
import { escapeHtml, PAGE_HEADERS, page } from '../page.ts'
import type { Mail, Store } from '../state.ts'

/** The mails caught so far: `/inbox` to look at, `/inbox.json?to=…` for programs. */
export async function inbox(app: FastifyInstance, { store }: { store: Store }) {
  app.get<{ Querystring: { to?: string } }>('/inbox.json', async ({ query }) => select(store, query.to))

  app.get<{ Querystring: { to?: string } }>('/inbox', async ({ query }, reply) => {
    const rows = select(store, query.to).map(
      (mail) =>
        `<tr><td>${time(mail)}</td><td>${escapeHtml(mail.to.join(', '))}</td><td><a href="/inbox/${mail.id}">${escapeHtml(mail.subject || '(no subject)')}</a></td></tr>`,
    )
    const table = `<table><thead><tr><th scope="col">Received</th><th scope="col">To</th><th scope="col">Subject</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`
    return reply
      .headers(PAGE_HEADERS)
      .send(page('Inbox', `<h1>Inbox</h1>${rows.length === 0 ? '<p>No mail yet.</p>' : table}`, { wide: true }))
  })

  app.get<{ Params: { id: string } }>('/inbox/:id', async ({ params }, reply) => {
    const mail = store.state.mails.find(({ id }) => id === params.id)
    if (mail === undefined) return reply.status(404).headers(PAGE_HEADERS).send(page('Not found', '<h1>There is no such mail</h1>'))
    const head = `<table><tbody><tr><th scope="row">From</th><td>${escapeHtml(mail.from)}</td></tr><tr><th scope="row">To</th><td>${escapeHtml(mail.to.join(', '))}</td></tr><tr><th scope="row">Received</th><td>${time(mail)}</td></tr></tbody></table>`
    const body = `<p><a href="/inbox">All mail</a></p><h1>${escapeHtml(mail.subject || '(no subject)')}</h1>${head}<pre>${withLinks(mail.text)}</pre>`
    return reply.headers(PAGE_HEADERS).send(page(mail.subject || 'Mail', body, { wide: true }))
  })
}

function select(store: Store, to: string | undefined): Mail[] {
  const wanted = to?.toLowerCase()
  return store.state.mails.filter((mail) => wanted === undefined || mail.to.some((address) => address.toLowerCase() === wanted)).reverse()
}

function time(mail: Mail): string {
  return `<time datetime="${mail.receivedAt}">${mail.receivedAt.slice(0, 19).replace('T', ' ')} UTC</time>`
}

/** Escaped text with its web addresses made links. */
function withLinks(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((part, index) => (index % 2 === 1 ? `<a href="${escapeHtml(part)}" rel="noreferrer">${escapeHtml(part)}</a>` : escapeHtml(part)))
    .join('')
}
