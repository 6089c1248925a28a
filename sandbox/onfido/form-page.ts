import type { Applicant, Check } from '@onfido/api'
import type { FastifyInstance } from 'fastify'
import { parseForm, textAt } from '../form.ts'
import { escapeHtml, PAGE_HEADERS, page } from '../page.ts'
import { completeCheck, type OnfidoVendor } from './vendor.ts'

const DOCUMENTS = ['Passport', 'Driving licence', 'National identity card', 'Residence permit']

/** The applicant's form a check's `form_uri` leads to: plain HTML, works without scripts. */
export async function onfidoForm(app: FastifyInstance, { vendor }: { vendor: OnfidoVendor }) {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body))

  app.get<{ Params: { id: string } }>('/onfido/forms/:id', async ({ params }, reply) => {
    const found = find(params.id)
    if (found === undefined) return reply.status(404).headers(PAGE_HEADERS).send(page('Not found', '<h1>There is no such form</h1>'))
    return reply.headers(PAGE_HEADERS).send(found.check.status === 'complete' ? done(found.check) : form(found.applicant))
  })

  app.post<{ Params: { id: string }; Body: string }>('/onfido/forms/:id', async ({ params, body }, reply) => {
    const found = find(params.id)
    if (found === undefined) return reply.status(404).headers(PAGE_HEADERS).send(page('Not found', '<h1>There is no such form</h1>'))
    const { check, applicant } = found
    const given = parseForm(body ?? '')
    if (check.status !== 'complete') {
      if (textAt(given, 'consent') === undefined) {
        return reply.status(422).headers(PAGE_HEADERS).send(form(applicant, 'Confirm that the document is yours.'))
      }
      completeCheck(vendor, check)
    }
    return check.redirect_uri === undefined ? reply.headers(PAGE_HEADERS).send(done(check)) : reply.redirect(check.redirect_uri, 303)
  })

  function find(id: string): { check: Check; applicant: Applicant } | undefined {
    const { checks, applicants } = vendor.store.state
    const check = Object.hasOwn(checks, id) ? checks[id] : undefined
    return check?.form_uri === undefined ? undefined : { check, applicant: applicants[check.applicant_id]! }
  }
}

function form(applicant: Applicant, problem?: string): string {
  const name = escapeHtml(`${applicant.first_name} ${applicant.last_name}`)
  return page(
    'Verify your identity',
    `<h1>Verify your identity</h1>
<p>${name}, choose the document you would show. In the real world you would now take a photo of it and of yourself.</p>
<p class="note">Sandbox: nothing is uploaded. The last name “Consider” is refused, every other is accepted.</p>
${problem === undefined ? '' : `<p class="error" role="alert">${escapeHtml(problem)}</p>`}
<form method="post">
<label for="document">Document</label>
<select id="document" name="document">${DOCUMENTS.map((title) => `<option>${title}</option>`).join('')}</select>
<label><input type="checkbox" name="consent" value="yes" required> The document is mine and I agree to its being checked</label>
<button type="submit">Finish verification</button>
</form>`,
  )
}

function done(check: Check): string {
  const back = check.redirect_uri === undefined ? '' : `<p><a href="${escapeHtml(check.redirect_uri)}">Go back</a></p>`
  return page('Thank you', `<h1>Thank you</h1><p>Your documents are being checked. You may close this page.</p>${back}`)
}
