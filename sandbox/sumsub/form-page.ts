import type { FastifyInstance } from 'fastify'
import { parseForm, textAt } from '../form.ts'
import { escapeHtml, PAGE_HEADERS, page } from '../page.ts'
import type { SumsubApplicant } from './objects.ts'
import { completeReview, type SumsubVendor } from './vendor.ts'

/** The page that a WebSDK link leads to: plain HTML, works without scripts. */
export async function sumsubForm(app: FastifyInstance, { vendor }: { vendor: SumsubVendor }) {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => done(null, body))
  const find = (id: string) => Object.values(vendor.store.state.sumsubApplicants).find(({ link }) => link?.id === id)
  const missing = page('Not found', '<h1>There is no such link</h1>')

  app.get<{ Params: { link: string } }>('/sumsub/:link', async ({ params }, reply) => {
    const applicant = find(params.link)
    if (!applicant) return reply.status(404).headers(PAGE_HEADERS).send(missing)
    return reply.headers(PAGE_HEADERS).send(applicant.review.reviewStatus === 'completed' ? done() : form(applicant))
  })

  app.post<{ Params: { link: string }; Body: string }>('/sumsub/:link', async ({ params, body }, reply) => {
    const applicant = find(params.link)
    if (!applicant) return reply.status(404).headers(PAGE_HEADERS).send(missing)
    if (textAt(parseForm(body ?? ''), 'consent') === undefined)
      return reply.status(422).headers(PAGE_HEADERS).send(form(applicant, 'Confirm that what you show is yours.'))
    completeReview(vendor, applicant)
    const isGreen = applicant.review.reviewResult?.reviewAnswer === 'GREEN'
    const back = isGreen ? applicant.link?.successUrl : applicant.link?.rejectUrl
    return back === undefined ? reply.headers(PAGE_HEADERS).send(done()) : reply.redirect(back, 303)
  })
}

function form({ fixedInfo: { firstName, lastName, companyInfo } }: SumsubApplicant, problem?: string): string {
  const name = escapeHtml(companyInfo?.companyName ?? `${firstName} ${lastName}`)
  return page(
    'Verify your identity',
    `<h1>Verify your identity</h1>
<p>${name}, in the real world you would now show ${companyInfo ? 'the register’s extract and who owns the company' : 'your document and your face'}.</p>
<p class="note">Sandbox: nothing is uploaded. The name “Reject” is refused, every other is accepted.</p>
${problem === undefined ? '' : `<p class="error" role="alert">${escapeHtml(problem)}</p>`}
<form method="post">
<label><input type="checkbox" name="consent" value="yes" required> It is mine and I agree to its being checked</label>
<button type="submit">Finish verification</button>
</form>`,
  )
}

function done(): string {
  return page('Thank you', '<h1>Thank you</h1><p>What you showed is being checked. You may close this page.</p>')
}
