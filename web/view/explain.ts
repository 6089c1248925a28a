/** What a person reads when something did not work: what happened, what to do, and where that is. */
export type Explained = { title: string; help: string; wayOut: WayOut; code: string }
export type WayOut = 'retry' | 'sign-in' | 'account' | 'security' | 'explore' | 'portfolio' | 'edit'

type Words = { title: string; help?: string; wayOut?: WayOut }

/** Titles and ways out by code. Where `help` is missing the server's own sentence says what to do. */
const WORDS: Record<string, Words> = {
  OFFLINE: { title: 'We can’t reach Terra Lumina', help: 'Nothing was changed. Check your connection and try again.' },
  UNAUTHENTICATED: { title: 'Please sign in', help: 'Your session is over or was never started.', wayOut: 'sign-in' },
  SESSION_REVOKED: {
    title: 'You were signed out',
    help: 'This session was ended, here or on another device. Sign in again to go on.',
    wayOut: 'sign-in',
  },
  LOGIN_FAILED: { title: 'That e-mail and password don’t match', wayOut: 'edit' },
  SIGN_IN_EXPIRED: {
    title: 'The sign-in ran out',
    help: 'The second step must follow within five minutes. Begin again.',
    wayOut: 'sign-in',
  },
  CODE_WRONG: { title: 'That code isn’t right', wayOut: 'edit' },
  CODE_USED: { title: 'That code was used already', wayOut: 'edit' },
  PASSKEY_REFUSED: { title: 'The passkey wasn’t accepted', wayOut: 'edit' },
  PASSKEY_CANCELLED: {
    title: 'No passkey was used',
    help: 'The request was cancelled or timed out, or this device has no passkey for Terra Lumina.',
    wayOut: 'edit',
  },
  PASSKEY_KNOWN: {
    title: 'This device has a passkey for your account already',
    help: 'Use it as it is, or remove it first.',
    wayOut: 'edit',
  },
  FACTOR_REQUIRED: {
    title: 'Set up a second factor first',
    help: 'Your role needs an authenticator app or a passkey before anything else.',
    wayOut: 'security',
  },
  FACTOR_EXISTS: { title: 'That is set up already', wayOut: 'edit' },
  LAST_FACTOR: { title: 'Your role must keep a second factor', wayOut: 'edit' },
  CONFIRM_REQUIRED: { title: 'We must know that it is you', help: 'Nothing was done yet. Confirm and try again.', wayOut: 'edit' },
  EMAIL_TAKEN: { title: 'This e-mail already has an account', help: 'Sign in instead, or use another address.', wayOut: 'sign-in' },
  LINK_EXPIRED: { title: 'This link is no longer good', wayOut: 'edit' },
  PASSWORD_WEAK: { title: 'Choose a stronger password', wayOut: 'edit' },
  VALIDATION: { title: 'Something in the form isn’t right', wayOut: 'edit' },
  UNKNOWN_FIELD: { title: 'Something in the form isn’t right', wayOut: 'edit' },
  BIRTH_DATE: { title: 'Check the date of birth', wayOut: 'edit' },
  SIWE_NONCE_UNKNOWN: {
    title: 'The sign-in request ran out',
    help: 'It is valid for a few minutes and in this browser only. Ask for a new one.',
  },
  SIWE_TIME: { title: 'The sign-in request ran out', help: 'Ask for a new one. If this keeps happening, check the clock of your device.' },
  SIWE_DOMAIN: {
    title: 'The signature is for another site',
    help: 'Nothing was signed in. Open Terra Lumina by its own address and try again.',
  },
  SIWE_URI: {
    title: 'The signature is for another site',
    help: 'Nothing was signed in. Open Terra Lumina by its own address and try again.',
  },
  SIWE_CHAIN: { title: 'Your wallet is on another network', help: 'Switch the network in your wallet and sign again.' },
  SIWE_SIGNATURE: { title: 'The signature doesn’t belong to this wallet', help: 'Sign again with the account you chose.' },
  WALLET_IN_USE: {
    title: 'This wallet belongs to another account',
    help: 'Sign in with that wallet, or connect a different one.',
    wayOut: 'sign-in',
  },
  SIGNATURE_WRONG: {
    title: 'The signature doesn’t belong to this address',
    help: 'Sign exactly the text shown, with that address.',
    wayOut: 'edit',
  },
  LIMIT_WALLETS: { title: 'No more addresses can be linked', wayOut: 'edit' },
  ADDRESS_INVALID: { title: 'This is no such address', wayOut: 'edit' },
  WALLET_LOCKED: { title: 'Your wallet can’t be changed here', wayOut: 'account' },
  WALLET_REQUIRED: {
    title: 'Connect a wallet first',
    help: 'Units go to your own wallet, so we need to know which one it is.',
    wayOut: 'account',
  },
  ACCOUNT_FROZEN: { title: 'Your account is closed to investing', wayOut: 'account' },
  ACCOUNT_IN_REVIEW: { title: 'We are still checking your details', wayOut: 'account' },
  CASE_CHANGED: {
    title: 'The case changed meanwhile',
    help: 'It is shown as it stands now. Look at it again, then decide.',
    wayOut: 'edit',
  },
  CASE_DECIDED: { title: 'The case is decided already', wayOut: 'edit' },
  FOUR_EYES: { title: 'This needs a second person', wayOut: 'edit' },
  INVITED_ANOTHER: { title: 'This invitation is for another e-mail', wayOut: 'edit' },
  ALREADY_MEMBER: { title: 'Acts for an issuer already', wayOut: 'edit' },
  LAST_OWNER: { title: 'An owner must stay', wayOut: 'edit' },
  SETTINGS_CHANGED: {
    title: 'The settings changed meanwhile',
    help: 'They are shown as they stand now. Look at them again, then save.',
    wayOut: 'edit',
  },
  OUTCOME_UNKNOWN: { title: 'The case can’t end like that', wayOut: 'edit' },
  KYC_REQUIRED: {
    title: 'Verify your identity first',
    help: 'The law asks us to know who invests. It takes a few minutes.',
    wayOut: 'account',
  },
  KYC_KIND: { title: 'Organisations can’t be checked here yet', wayOut: 'edit' },
  RETENTION_HOLD: { title: 'Your account can’t be erased yet', wayOut: 'portfolio' },
  KYC_ALREADY_APPROVED: { title: 'Your identity is already verified', wayOut: 'account' },
  FINANCES_REQUIRED: { title: 'Tell us your income and net worth', wayOut: 'account' },
  ACCREDITED_ONLY: { title: 'For accredited investors', wayOut: 'account' },
  KNOWLEDGE_TEST_REQUIRED: { title: 'Take the knowledge test first', wayOut: 'account' },
  LOSS_SIMULATION_REQUIRED: { title: 'Work out what you can bear to lose', wayOut: 'account' },
  RISK_WARNING_REQUIRED: { title: 'Read and confirm the risk warning', wayOut: 'edit' },
  RELATIONSHIP_REQUIRED: { title: 'For people whom the issuer knew before', wayOut: 'explore' },
  JUDGEMENT_REQUIRED: { title: 'The issuer has to vouch for you first', wayOut: 'explore' },
  LIMIT_PURCHASERS: { title: 'No more investors may join', wayOut: 'explore' },
  NOT_ACCREDITED: { title: 'This doesn’t make you an accredited investor', wayOut: 'edit' },
  EVIDENCE_DATE: { title: 'The evidence is too old, or of a day to come', wayOut: 'edit' },
  EVIDENCE_MISSING: { title: 'Evidence is still missing', wayOut: 'edit' },
  NOT_SOPHISTICATED: { title: 'These figures don’t make you a sophisticated investor', wayOut: 'edit' },
  EXEMPTION_CURRENCY: { title: 'The offering is in the wrong currency', wayOut: 'edit' },
  LIMIT_REG_CF: { title: 'More than the law lets you invest', wayOut: 'edit' },
  LIMIT_REG_A: { title: 'More than the law lets you invest', wayOut: 'edit' },
  LIMIT_ISSUER: { title: 'More than the issuer may take', wayOut: 'edit' },
  LOCK_TOO_SHORT: { title: 'The lock-up is too short', wayOut: 'edit' },
  COUNTRY_BLOCKED: { title: 'Not offered in your country', wayOut: 'explore' },
  FORBIDDEN: { title: 'This page isn’t yours to open', wayOut: 'explore' },
  NOT_FOUND: { title: 'There is nothing here', help: 'The address may be old or mistyped.', wayOut: 'explore' },
  PROJECT_NOT_FOUND: {
    title: 'This project isn’t listed',
    help: 'It may have been withdrawn, or the address is mistyped.',
    wayOut: 'explore',
  },
  INVESTMENT_NOT_FOUND: { title: 'We know no such investment of yours', help: 'Your portfolio lists all of them.', wayOut: 'portfolio' },
  NOT_OPEN: { title: 'This project takes no investments now', wayOut: 'explore' },
  SOLD_OUT: { title: 'Not enough units are left', wayOut: 'edit' },
  LIMIT_MIN: { title: 'The amount is too small', wayOut: 'edit' },
  AMOUNT_NOT_WHOLE_UNITS: { title: 'The amount must buy whole units', wayOut: 'edit' },
  STEP_ORDER: { title: 'That step isn’t possible any more', help: 'The order has moved on. Look at its present state.', wayOut: 'retry' },
  WIRE_NOT_OFFERED: { title: 'No bank transfers in this currency', help: 'Pay on the payment page instead.', wayOut: 'retry' },
  TRY_LATER: { title: 'Too many tries', help: 'Wait a minute, then try again.' },
  PAYMENT_UNAVAILABLE: { title: 'The payment provider doesn’t answer', help: 'You were not charged. Try again in a minute.' },
  KYC_UNAVAILABLE: { title: 'The identity provider doesn’t answer', help: 'Nothing was lost. Try again in a minute.' },
  NOT_READY: { title: 'Terra Lumina is starting', help: 'Give it a few seconds, then try again.' },
  INTERNAL: {
    title: 'Something broke on our side',
    help: 'Your units and your money are safe. Try again; if it stays, send us the request number.',
  },
}

/** Words for an error by its code; an unknown code keeps the message it came with. */
export function explain(error: unknown): Explained {
  const { code, message } = codeOf(error)
  const words = WORDS[code]
  return { code, title: words?.title ?? 'That didn’t work', help: words?.help ?? message, wayOut: words?.wayOut ?? 'retry' }
}

function codeOf(error: unknown): { code: string; message: string } {
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  return {
    code: typeof code === 'string' ? code : 'UNKNOWN',
    message: typeof message === 'string' && message ? message : 'Please try again.',
  }
}
