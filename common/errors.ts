/** Every error code the platform answers with, and its HTTP status. The code is the contract; the message is for people. */
export const STATUS = {
  VALIDATION: 400,
  BAD_JSON: 400,
  BAD_CURSOR: 400,
  FILE_INCOMPLETE: 400,
  BAD_SIGNATURE: 400,
  STALE_EVENT: 400,
  WRONG_MODE: 400,
  IDEMPOTENCY_KEY_REQUIRED: 400,
  SIWE_MALFORMED: 400,
  UNAUTHENTICATED: 401,
  LOGIN_FAILED: 401,
  SIGN_IN_EXPIRED: 401,
  CODE_WRONG: 401,
  CODE_USED: 401,
  PASSKEY_REFUSED: 401,
  SESSION_REVOKED: 401,
  SIWE_NONCE_UNKNOWN: 401,
  SIWE_DOMAIN: 401,
  SIWE_URI: 401,
  SIWE_CHAIN: 401,
  SIWE_TIME: 401,
  SIWE_SIGNATURE: 401,
  FORBIDDEN: 403,
  FACTOR_REQUIRED: 403,
  CONFIRM_REQUIRED: 403,
  CSRF: 403,
  KYC_REQUIRED: 403,
  WALLET_REQUIRED: 403,
  COUNTRY_BLOCKED: 403,
  FINANCES_REQUIRED: 403,
  ACCREDITED_ONLY: 403,
  KNOWLEDGE_TEST_REQUIRED: 403,
  LOSS_SIMULATION_REQUIRED: 403,
  RISK_WARNING_REQUIRED: 403,
  RELATIONSHIP_REQUIRED: 403,
  JUDGEMENT_REQUIRED: 403,
  NOT_FOUND: 404,
  PROJECT_NOT_FOUND: 404,
  INVESTMENT_NOT_FOUND: 404,
  CID_NOT_FOUND: 404,
  EMAIL_TAKEN: 409,
  FACTOR_EXISTS: 409,
  LAST_FACTOR: 409,
  WALLET_IN_USE: 409,
  WALLET_LOCKED: 409,
  NOT_OPEN: 409,
  SOLD_OUT: 409,
  LIMIT_PURCHASERS: 409,
  STEP_ORDER: 409,
  ALREADY_SUBMITTED: 409,
  NOTHING_TO_CLAIM: 409,
  KYC_ALREADY_APPROVED: 409,
  IDEMPOTENCY_IN_PROGRESS: 409,
  LINK_EXPIRED: 410,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE: 415,
  FILE_TYPE: 415,
  UNKNOWN_FIELD: 422,
  PASSWORD_WEAK: 422,
  COUNTRY_UNKNOWN: 422,
  BIRTH_DATE: 422,
  LIMIT_MIN: 422,
  LIMIT_MAX: 422,
  LIMIT_REG_CF: 422,
  LIMIT_REG_A: 422,
  LIMIT_ISSUER: 422,
  LOCK_TOO_SHORT: 422,
  EXEMPTION_CURRENCY: 422,
  NOT_SOPHISTICATED: 422,
  AMOUNT_NOT_WHOLE_UNITS: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  CID_INVALID: 422,
  TRY_LATER: 429,
  INTERNAL: 500,
  CID_MISMATCH: 502,
  PAYMENT_UNAVAILABLE: 503,
  KYC_UNAVAILABLE: 503,
  NOT_READY: 503,
} as const

export type ErrorCode = keyof typeof STATUS

/** An error with a stable code. `details` travel to the caller as they are: never put a secret or another user's data there. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly statusCode: number
  readonly details: Record<string, unknown>

  constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.statusCode = STATUS[code]
    this.details = options.details ?? {}
  }
}
