import { AppError } from '../../common/errors.ts'
import type { IsBreached } from './breached-passwords.ts'

export const MIN_PASSWORD = 12
export const MAX_PASSWORD = 256

/** Words that the most used passwords are made of; a password that is one of them with digits and marks around it is as weak. */
const COMMON = new Set(
  `password passwort motdepasse contrasena senha wachtwoord passw pass pwd qwerty qwertz azerty qwertyuiop qwertyui asdfgh asdfghjkl zxcvbn
  zxcvbnm qazwsx qazwsxedc qweasd qweasdzxc letmein welcome iloveyou ilovey monkey dragon sunshine princess football baseball basketball soccer
  superman batman starwars pokemon master shadow michael jordan jennifer charlie daniel thomas hunter ashley jessica nicole secret summer winter
  spring autumn january february march april june july august september october november december monday friday login admin administrator root
  user guest test testing changeme change default temp temporary access trustno freedom whatever computer internet samsung google facebook linkedin
  microsoft windows apple killer cheese butterfly purple orange flower hello helloworld ninja mustang corvette ferrari mercedes yankees liverpool
  chelsea arsenal barcelona juventus solar wind energy terra lumina terralumina abc abcd abcdef abcdefg abcdefgh abcdefghijkl abcdefghijklmnop`.split(
    /\s+/,
  ),
)

const LEET: Record<string, string> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '@': 'a', '5': 's', $: 's', '7': 't', '!': 'i' }

/** Refuses passwords that are too short, too long, among the most used, or made from the e-mail. @throws AppError PASSWORD_WEAK */
export function assertStrongPassword(password: string, email: string): void {
  const length = [...password].length
  if (length < MIN_PASSWORD) throw weak(`Use at least ${MIN_PASSWORD} characters.`, 'short')
  if (length > MAX_PASSWORD) throw weak(`Use at most ${MAX_PASSWORD} characters.`, 'long')
  if (isCommon(password.toLowerCase()))
    throw weak('This is one of the passwords everybody tries first. Use several unrelated words.', 'common')
  if (isFromEmail(password.toLowerCase(), email.toLowerCase())) throw weak('Do not make the password from your e-mail address.', 'email')
}

/** The same, and whether it is known from breaches, which others answer. @throws AppError PASSWORD_WEAK */
export async function assertGoodPassword(isBreached: IsBreached, password: string, email: string): Promise<void> {
  assertStrongPassword(password, email)
  if (await isBreached(password))
    throw weak('This password is known from a breach of another site, so it is tried early. Use several unrelated words.', 'breached')
}

function weak(message: string, reason: string) {
  return new AppError('PASSWORD_WEAK', message, { details: { reason } })
}

function isCommon(password: string): boolean {
  if (new Set(password).size < 5) return true
  const plain = password.replace(/[^a-z]/g, '')
  const unleet = [...password]
    .map((letter) => LEET[letter] ?? letter)
    .join('')
    .replace(/[^a-z]/g, '')
  const trimmed = [...password.replace(/^[^a-z@$]+|[^a-z@$]+$/g, '')]
    .map((letter) => LEET[letter] ?? letter)
    .join('')
    .replace(/[^a-z]/g, '')
  if ([plain, unleet, trimmed].some((text) => COMMON.has(unrepeat(text)))) return true
  return plain.length < 3 && isSequence(password)
}

/** "passwordpassword" → "password". */
function unrepeat(text: string): string {
  for (let size = 1; size <= text.length / 2; size++) {
    if (text.length % size === 0 && text.slice(0, size).repeat(text.length / size) === text) return text.slice(0, size)
  }
  return text
}

/** Digits that only count up, count down or repeat: 123456789012, 098765432109. */
function isSequence(text: string): boolean {
  const digits = [...text].filter((letter) => letter >= '0' && letter <= '9').map(Number)
  const steps = digits.slice(1).map((digit, index) => (digit - digits[index]! + 10) % 10)
  return digits.length >= text.length - 3 && new Set(steps).size <= 1
}

function isFromEmail(password: string, email: string): boolean {
  const [local = '', domain = ''] = email.split('@')
  const parts = [email, local, ...local.split(/[^a-z0-9]+/), domain, domain.split('.')[0] ?? ''].filter((part) => part.length >= 4)
  // Made from it: what is left beside it would be no password of its own.
  return parts.some((part) => password.includes(part) && password.replaceAll(part, '').length < 8)
}
