import { type Form, textAt, textsAt } from '../form.ts'
import { invalid } from './errors.ts'

/** Refuses parameters that the endpoint does not know, as Stripe does. */
export function onlyKnown(form: Form, ...known: string[]): void {
  for (const name of Object.keys(form)) {
    if (name !== 'expand' && !known.includes(name)) throw invalid(`Received unknown parameter: ${name}`, name, 'parameter_unknown')
  }
}

export function requiredText(form: Form, ...path: string[]): string {
  const value = textAt(form, ...path)
  const param = paramName(path)
  if (value === undefined || value === '') throw invalid(`Missing required param: ${param}.`, param, 'parameter_missing')
  return value
}

/** A positive integer, or undefined when it was not given. */
export function integerAt(form: Form, ...path: string[]): number | undefined {
  const text = textAt(form, ...path)
  if (text === undefined || text === '') return undefined
  const param = paramName(path)
  if (!/^-?\d{1,15}$/.test(text)) throw invalid(`Invalid integer: ${text}`, param, 'parameter_invalid_integer')
  const value = Number(text)
  if (value < 1) throw invalid('This value must be greater than or equal to 1.', param, 'parameter_invalid_integer')
  return value
}

export function requiredInteger(form: Form, ...path: string[]): number {
  requiredText(form, ...path)
  return integerAt(form, ...path)!
}

/** At most 50 pairs, keys of at most 40 and values of at most 500 characters; an empty value removes the key. */
export function metadataAt(form: Form, ...path: string[]): Record<string, string> {
  const pairs = Object.entries(textsAt(form, ...path)).filter(([, value]) => value !== '')
  const param = paramName(path)
  if (pairs.length > 50) throw invalid('Metadata can have at most 50 keys.', param)
  for (const [key, value] of pairs) {
    if (key.length > 40) throw invalid(`Metadata keys can have up to 40 characters: ${key}`, param)
    if (value.length > 500) throw invalid(`Metadata values can have up to 500 characters: ${key}`, `${param}[${key}]`)
  }
  return Object.fromEntries(pairs)
}

export function currencyAt(form: Form, ...path: string[]): string {
  const currency = requiredText(form, ...path).toLowerCase()
  if (!/^[a-z]{3}$/.test(currency)) throw invalid(`Invalid currency: ${currency}.`, paramName(path))
  return currency
}

function paramName([first, ...rest]: string[]): string {
  return first + rest.map((name) => `[${name}]`).join('')
}
