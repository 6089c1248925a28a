export type FormValue = string | FormValue[] | { [name: string]: FormValue }
export type Form = { [name: string]: FormValue }

const DEEPEST = 8

/**
 * Reads a form-encoded body with nested brackets, as Stripe does: `a[b]=1&c[0][d]=2&e[]=3` →
 * `{ a: { b: '1' }, c: [{ d: '2' }], e: ['3'] }`. Every leaf is text. @throws RangeError when nested too deeply
 */
export function parseForm(body: string): Form {
  const root: Form = Object.create(null)
  for (const [key, value] of new URLSearchParams(body)) {
    const path = [key.replace(/\[.*$/s, ''), ...[...key.matchAll(/\[([^\]]*)\]/g)].map((match) => match[1]!)]
    if (path.length > DEEPEST) throw new RangeError('The parameters are nested too deeply')
    put(root, path, value)
  }
  return listsOf(root) as Form
}

function put(into: Form, path: string[], value: string) {
  let at = into
  path.forEach((part, depth) => {
    const name = part === '' ? String(Object.keys(at).length) : part
    if (depth === path.length - 1) {
      at[name] = value
      return
    }
    if (typeof at[name] !== 'object') at[name] = Object.create(null) as Form
    at = at[name] as Form
  })
}

/** Turns objects whose names are 0, 1, 2… into lists. */
function listsOf(value: FormValue): FormValue {
  if (typeof value === 'string') return value
  const entries = Object.entries(value).map(([name, inner]) => [name, listsOf(inner)] as const)
  const isList = entries.length > 0 && entries.every(([name], index) => name === String(index))
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

/** The text at a path of names, or undefined. */
export function textAt(form: FormValue | undefined, ...path: string[]): string | undefined {
  const value = valueAt(form, ...path)
  return typeof value === 'string' ? value : undefined
}

export function valueAt(form: FormValue | undefined, ...path: string[]): FormValue | undefined {
  let value = form
  for (const name of path) {
    if (value === undefined || typeof value === 'string') return undefined
    value = (value as Form)[name]
  }
  return value
}

/** An object of texts, such as `metadata`. */
export function textsAt(form: FormValue | undefined, ...path: string[]): Record<string, string> {
  const value = valueAt(form, ...path)
  if (value === undefined || typeof value === 'string') return {}
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}
