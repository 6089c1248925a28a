import { after, before, describe, it } from 'node:test'
import { Configuration, DefaultApi, OnfidoInvalidSignatureError, WebhookEventVerifier } from '@onfido/api'
import { expect } from 'chai'
import { until } from '../../common/node/testing.ts'
import { startTestSandbox, TEST_VENDOR_SECRETS, type TestSandbox } from '../../common/node/testing-sandbox.ts'
import { type Receiver, startReceiver } from '../receiver.ts'

let receiver: Receiver
let sandbox: TestSandbox
let onfido: DefaultApi

before(async () => {
  receiver = await startReceiver()
  sandbox = await startTestSandbox({ ONFIDO_WEBHOOK_URL: receiver.url })
  onfido = client(TEST_VENDOR_SECRETS.ONFIDO_API_TOKEN)
})
after(async () => {
  await sandbox.stop()
  await receiver.close()
})

function client(apiToken: string): DefaultApi {
  return new DefaultApi(new Configuration({ apiToken, basePath: `${sandbox.url}/v3.6` }))
}

async function newCheck(lastName: string, more: object = {}) {
  const applicant = await onfido.createApplicant({ first_name: 'Ada', last_name: lastName, dob: '1990-12-10' })
  const check = await onfido.createCheck({
    applicant_id: applicant.data.id,
    report_names: ['document', 'watchlist_standard'],
    applicant_provides_data: true,
    ...more,
  })
  return check.data
}

function submit(formUri: string, body: Record<string, string> = { consent: 'yes', document: 'Passport' }): Promise<Response> {
  return fetch(formUri, { method: 'POST', body: new URLSearchParams(body), redirect: 'manual' })
}

async function problem(work: Promise<unknown>): Promise<{ status: number; error: { type: string; fields: object } }> {
  try {
    await work
  } catch (error) {
    const { response } = error as { response: { status: number; data: { error: { type: string; fields: object } } } }
    return { status: response.status, error: response.data.error }
  }
  throw new Error('expected an error')
}

describe('Onfido', () => {
  it('checks an applicant through the hosted form and says so by a signed webhook', async () => {
    const check = await newCheck('Lovelace')
    expect(check).to.include({ status: 'awaiting_applicant', applicant_provides_data: true, sandbox: true })
    const form = await (await fetch(check.form_uri!)).text()
    expect(form).to.contain('Ada Lovelace').and.contain('<form method="post">')
    expect((await submit(check.form_uri!)).status).to.equal(200)

    const done = (await onfido.findCheck(check.id)).data
    expect(done).to.include({ status: 'complete', result: 'clear' })
    const report = (await onfido.findReport(done.report_ids![0]!)).data
    expect(report).to.include({ name: 'document', status: 'complete', result: 'clear', sub_result: 'clear', check_id: check.id })

    const hook = await until(async () => receiver.received.find(({ body }) => body.includes(check.id)))
    const event = new WebhookEventVerifier(TEST_VENDOR_SECRETS.ONFIDO_WEBHOOK_TOKEN).readPayload(
      hook.body,
      hook.headers['x-sha2-signature']!,
    )
    expect(event.payload).to.deep.include({ resource_type: 'check', action: 'check.completed' })
    expect(event.payload?.object).to.include({ id: check.id, status: 'complete' })
    expect(() => new WebhookEventVerifier('another').readPayload(hook.body, hook.headers['x-sha2-signature']!)).to.throw(
      OnfidoInvalidSignatureError,
    )
  })

  it('considers an applicant whose last name is Consider', async () => {
    const check = await newCheck('Consider')
    await submit(check.form_uri!)
    const done = (await onfido.findCheck(check.id)).data
    expect(done).to.include({ status: 'complete', result: 'consider' })
    expect((await onfido.findReport(done.report_ids![0]!)).data).to.include({ result: 'consider', sub_result: 'caution' })
  })

  it('leads back to the given address, and completes once however often the form is sent', async () => {
    const check = await newCheck('Byron', { redirect_uri: 'http://localhost:3000/account' })
    const answers = await Promise.all([submit(check.form_uri!), submit(check.form_uri!)])
    expect(answers.map((answer) => answer.headers.get('location'))).to.deep.equal([
      'http://localhost:3000/account',
      'http://localhost:3000/account',
    ])
    await until(async () => receiver.received.some(({ body }) => body.includes(check.id)))
    expect(receiver.received.filter(({ body }) => body.includes(check.id))).to.have.lengthOf(1)
  })

  it('waits for the applicant’s consent', async () => {
    const check = await newCheck('Somerville')
    expect((await submit(check.form_uri!, { document: 'Passport' })).status).to.equal(422)
    expect((await onfido.findCheck(check.id)).data.status).to.equal('awaiting_applicant')
  })

  it('completes a check by itself when the applicant is not asked', async () => {
    const check = await newCheck('Germain', { applicant_provides_data: false })
    expect(check).to.include({ status: 'in_progress' }).and.not.have.property('form_uri')
    await until(async () => (await onfido.findCheck(check.id)).data.status === 'complete')
  })

  it('refuses a wrong token, missing names, an unknown applicant and an unknown report', async () => {
    expect(await problem(client('api_sandbox.other').findCheck('x'))).to.deep.include({ status: 401 })
    const blank = await problem(onfido.createApplicant({ first_name: '', last_name: 'X' }))
    expect(blank).to.deep.include({ status: 422 })
    expect(blank.error).to.deep.include({ type: 'validation_error', fields: { first_name: ["can't be blank"] } })
    expect(await problem(onfido.createCheck({ applicant_id: 'none', report_names: ['document'] }))).to.deep.include({ status: 422 })
    expect((await problem(onfido.findApplicant('none'))).error.type).to.equal('resource_not_found')
  })

  it('escapes what the applicant is called', async () => {
    const check = await newCheck("O'Hara & Sons")
    expect(await (await fetch(check.form_uri!)).text()).to.contain('O&#39;Hara &#38; Sons')
  })
})
