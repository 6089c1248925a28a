export interface Decline {
  code: string
  declineCode?: string
  message: string
}

export interface TestCard {
  number: string
  brand: string
  /** Stripe's name for the same card as a test payment method. */
  paymentMethod: string
  title: string
  decline?: Decline
  /** The charge works and is disputed at once. */
  isDisputed?: true
}

const declined = (declineCode: string, message: string): Decline => ({ code: 'card_declined', declineCode, message })

/** Stripe's documented test cards (docs.stripe.com/testing); every other number is refused as Stripe's test mode refuses live cards. */
export const TEST_CARDS: readonly TestCard[] = [
  { number: '4242424242424242', brand: 'visa', paymentMethod: 'pm_card_visa', title: 'Succeeds' },
  { number: '5555555555554444', brand: 'mastercard', paymentMethod: 'pm_card_mastercard', title: 'Succeeds' },
  { number: '378282246310005', brand: 'amex', paymentMethod: 'pm_card_amex', title: 'Succeeds' },
  {
    number: '4000000000000259',
    brand: 'visa',
    paymentMethod: 'pm_card_createDispute',
    title: 'Succeeds, then is disputed',
    isDisputed: true,
  },
  card('4000000000000002', 'pm_card_visa_chargeDeclined', 'Declined', declined('generic_decline', 'Your card was declined.')),
  card(
    '4000000000009995',
    'pm_card_visa_chargeDeclinedInsufficientFunds',
    'Declined: insufficient funds',
    declined('insufficient_funds', 'Your card has insufficient funds.'),
  ),
  card('4000000000009987', 'pm_card_visa_chargeDeclinedLostCard', 'Declined: lost card', declined('lost_card', 'Your card was declined.')),
  card(
    '4000000000009979',
    'pm_card_visa_chargeDeclinedStolenCard',
    'Declined: stolen card',
    declined('stolen_card', 'Your card was declined.'),
  ),
  card('4000000000000069', 'pm_card_chargeDeclinedExpiredCard', 'Declined: expired card', {
    code: 'expired_card',
    message: 'Your card has expired.',
  }),
  card('4000000000000127', 'pm_card_chargeDeclinedIncorrectCvc', 'Declined: incorrect CVC', {
    code: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
  }),
  card('4000000000000119', 'pm_card_chargeDeclinedProcessingError', 'Declined: processing error', {
    code: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
  }),
  card(
    '4000000000000341',
    'pm_card_chargeCustomerFail',
    'Can be saved, fails when charged',
    declined('generic_decline', 'Your card was declined.'),
  ),
]

export interface CardEntry {
  number: string
  expMonth: number
  expYear: number
  cvc: string
}

/** Checks what was typed: a card that may be charged (perhaps to be declined), or why not. `param` names the field at fault. */
export function checkCard(entry: CardEntry, now: Date): { card: TestCard } | { decline: Decline; param: string } {
  const number = entry.number.replace(/[\s-]/g, '')
  if (!/^\d{12,19}$/.test(number) || !passesLuhn(number)) {
    return { decline: { code: 'incorrect_number', message: 'Your card number is incorrect.' }, param: 'number' }
  }
  if (!Number.isInteger(entry.expMonth) || entry.expMonth < 1 || entry.expMonth > 12) {
    return { decline: { code: 'invalid_expiry_month', message: "Your card's expiration month is invalid." }, param: 'exp_month' }
  }
  const months = entry.expYear * 12 + entry.expMonth - (now.getUTCFullYear() * 12 + now.getUTCMonth() + 1)
  if (!Number.isInteger(months) || months < 0 || months > 50 * 12) {
    return { decline: { code: 'invalid_expiry_year', message: "Your card's expiration year is invalid." }, param: 'exp_year' }
  }
  if (!/^\d{3,4}$/.test(entry.cvc))
    return { decline: { code: 'invalid_cvc', message: "Your card's security code is invalid." }, param: 'cvc' }
  const known = TEST_CARDS.find((card) => card.number === number)
  if (known) return { card: known }
  const decline = declined(
    'test_mode_live_card',
    'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
  )
  return { decline, param: 'number' }
}

export function cardOfPaymentMethod(paymentMethod: string): TestCard | undefined {
  // `pm_card_chargeDeclined` is the older spelling of `pm_card_visa_chargeDeclined`.
  return TEST_CARDS.find((card) =>
    [paymentMethod, paymentMethod.replace('pm_card_charge', 'pm_card_visa_charge')].includes(card.paymentMethod),
  )
}

function card(number: string, paymentMethod: string, title: string, decline: Decline): TestCard {
  return { number, brand: 'visa', paymentMethod, title, decline }
}

/** The check digit every payment card carries (ISO/IEC 7812). */
function passesLuhn(number: string): boolean {
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
