import { type TProperties, type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { AppError } from '../../common/errors.ts'

interface Problem {
  keyword: string
  instancePath: string
  schemaPath: string
  message: string
  params: object
}

/** An object that refuses fields it does not name: what clients send is always one of these. */
export function closed<T extends TProperties>(properties: T) {
  return Type.Object(properties, { additionalProperties: false })
}

/**
 * Fastify's validator, by TypeBox. A body is taken as it is; parameters, query and headers, which are text, are converted.
 * @throws AppError (as result) UNKNOWN_FIELD or VALIDATION with the paths of all fields that are wrong
 */
export function compileValidator({ schema, httpPart }: { schema: unknown; httpPart?: string | undefined }) {
  // Of a choice of several shapes the eight of the default are about the first of them only.
  Settings.Set({ maxErrors: 100 })
  const check = Compile(schema as TSchema)
  return (given: unknown) => {
    // A POST whose fields are all optional may come without a body.
    const input = httpPart === 'body' && given === null ? {} : given
    const value = check.Default(httpPart === 'body' ? input : fromText(schema as TSchema, input))
    return check.Check(value) ? { value } : { error: explain(check.Errors(value) as Problem[], httpPart ?? 'request') }
  }
}

/** Reads what arrived as text where a number or a yes/no is meant; anything doubtful stays text and is refused. */
function fromText(schema: TSchema, input: unknown): unknown {
  const { properties = {} } = schema as { properties?: Record<string, { type?: string }> }
  if (typeof input !== 'object' || input === null) return input
  return Object.fromEntries(
    Object.entries(input).map(([name, text]) => {
      const type = Object.hasOwn(properties, name) ? properties[name]?.type : undefined
      if (typeof text !== 'string') return [name, text]
      if ((type === 'integer' || type === 'number') && /^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return [name, Number(text)]
      if (type === 'boolean' && (text === 'true' || text === 'false')) return [name, text === 'true']
      return [name, text]
    }),
  )
}

function explain(all: Problem[], httpPart: string): AppError {
  const problems = withoutOtherShapes(all)
  const unknown = problems.flatMap(({ keyword, instancePath, params }) =>
    keyword === 'additionalProperties' && 'additionalProperties' in params
      ? (params.additionalProperties as string[]).map((name) => pathOf(`${instancePath}/${name}`))
      : [],
  )
  if (unknown.length > 0) {
    return new AppError('UNKNOWN_FIELD', `The ${httpPart} has a field that does not exist here: ${unknown.join(', ')}`, {
      details: { fields: unknown },
    })
  }
  const fields: Record<string, string> = {}
  for (const { keyword, instancePath, params, message } of problems) {
    const missing = keyword === 'required' && 'requiredProperties' in params ? (params.requiredProperties as string[]) : []
    if (missing.length > 0) for (const name of missing) fields[pathOf(`${instancePath}/${name}`)] ??= 'is missing'
    else fields[pathOf(instancePath)] ??= message
  }
  const names = Object.keys(fields)
  return new AppError('VALIDATION', `The ${httpPart} is not valid: ${names.map((name) => `${name} ${fields[name]}`).join('; ')}`, {
    details: { fields },
  })
}

/** Where one of several shapes was meant, by a fixed value such as `kind`, what the other shapes ask for is no problem of what was sent. */
function withoutOtherShapes(problems: Problem[]): Problem[] {
  const others = problems.flatMap(({ keyword, schemaPath }) =>
    keyword === 'const' ? (/^(.*\/anyOf\/\d+)\/properties\/[^/]+$/.exec(schemaPath)?.[1] ?? []) : [],
  )
  return problems.filter(({ schemaPath }) => !others.some((other) => schemaPath === other || schemaPath.startsWith(`${other}/`)))
}

/** A JSON pointer as people write paths: "/documents/0/title" → "documents.0.title"; the whole is ".". */
function pathOf(pointer: string): string {
  return pointer.replace(/^\//, '').replaceAll('/', '.') || '.'
}
