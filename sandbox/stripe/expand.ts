import type { FormValue } from '../form.ts'
import type { State } from '../state.ts'

/** Replaces the ids at the given paths (`payment_intent.latest_charge`, `data.payment_intent` in lists) by their objects, on a copy. */
export function expand(state: State, answer: object, paths: FormValue | undefined): object {
  if (!Array.isArray(paths)) return answer
  const copy = structuredClone(answer)
  for (const path of paths) if (typeof path === 'string') walk(state, copy, path.split('.'))
  return copy
}

function walk(state: State, at: unknown, [name, ...rest]: string[]): void {
  if (name === undefined || typeof at !== 'object' || at === null) return
  if (Array.isArray(at)) {
    for (const item of at) walk(state, item, [name, ...rest])
    return
  }
  const object = at as Record<string, unknown>
  const value = object[name]
  if (typeof value === 'string') object[name] = structuredClone(objectOf(state, value)) ?? value
  walk(state, object[name], rest)
}

function objectOf(state: State, id: string): unknown {
  if (id.startsWith('pi_')) return state.intents[id]
  if (id.startsWith('ch_')) return state.charges[id]
  if (id.startsWith('re_')) return state.refunds[id]
  if (id.startsWith('txn_')) return state.balance[id]
  return id.startsWith('cs_') ? state.sessions[id]?.shown : undefined
}
