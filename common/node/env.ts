import { type Static, type TObject, Type } from 'typebox'
import { Value } from 'typebox/value'

/**
 * Reads the names a schema lists from the environment: converts, applies defaults, and reports every problem at once.
 * Never prints a value, so that no secret ends in a log.
 */
export function readEnv<T extends TObject>(schema: T, source: NodeJS.ProcessEnv = process.env): Static<T> {
  const named = Object.fromEntries(
    Object.keys(schema.properties).flatMap((name) => (source[name] === undefined || source[name] === '' ? [] : [[name, source[name]]])),
  )
  const value = Value.Default(schema, Value.Convert(schema, named))
  const problems = [...Value.Errors(schema, value)].map((problem) => `  ${problem.instancePath || '/'} ${problem.message}`)
  if (problems.length > 0) throw new Error(`Bad environment:\n${[...new Set(problems)].join('\n')}`)
  return value as Static<T>
}

export const Port = (fallback: number) => Type.Integer({ minimum: 0, maximum: 65_535, default: fallback })
export const Text = Type.String({ minLength: 1 })
