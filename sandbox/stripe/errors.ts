export interface StripeFault {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  message: string
  code?: string
  decline_code?: string
  param?: string
  charge?: string
  payment_intent?: unknown
  doc_url?: string
}

/** An answer in Stripe's error shape: the body is `{ error: fault }`. */
export class StripeProblem extends Error {
  readonly status: number
  readonly fault: StripeFault

  constructor(status: number, fault: StripeFault) {
    super(fault.message)
    this.name = 'StripeProblem'
    this.status = status
    this.fault =
      fault.code === undefined ? fault : { ...fault, doc_url: `https://stripe.com/docs/error-codes/${fault.code.replaceAll('_', '-')}` }
  }
}

export function invalid(message: string, param?: string, code?: string): StripeProblem {
  return new StripeProblem(400, { type: 'invalid_request_error', message, ...(param && { param }), ...(code && { code }) })
}

export function missing(object: string, id: string, param = 'id'): StripeProblem {
  return new StripeProblem(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${object}: '${id}'`, param })
}
