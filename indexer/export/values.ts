import { type Column, quote } from './relation.ts'

/** How a column is written as text, exactly: times in ISO 8601 and UTC, numbers in decimal. */
export function asText({ name, type }: Column): string {
  return type === 'timestamptz' ? isoTime(quote(name)) : `${quote(name)}::text`
}

/** How a column is written in JSON: what may not fit JavaScript's numbers is a string, as everywhere in this system. */
export function asJson(column: Column): string {
  const plain = ['int2', 'int4', 'bool', 'json', 'jsonb'].includes(column.type) || column.type.startsWith('_')
  return `${plain ? quote(column.name) : asText(column)} as ${quote(column.name)}`
}

/** How a column is sent to whoever writes Parquet. */
export function asParquet(column: Column): string {
  const name = quote(column.name)
  if (['int2', 'int4', 'int8', 'bool'].includes(column.type)) return name
  if (column.type === 'timestamptz') return `(extract(epoch from ${name}) * 1000000)::bigint`
  if (column.type === 'date') return `(${name} - date '1970-01-01')`
  return `${name}::text`
}

/** Years above 9999, which a contract's 40 bits of seconds reach, have six digits and a sign. */
function isoTime(name: string): string {
  const time = `(${name} at time zone 'UTC')`
  const fraction = `rtrim(to_char(${time}, '.US'), '.0')`
  return `(case when extract(year from ${time}) > 9999 then '+' || lpad(extract(year from ${time})::text, 6, '0') || to_char(${time}, '-MM-DD"T"HH24:MI:SS')
    else to_char(${time}, 'YYYY-MM-DD"T"HH24:MI:SS') end || ${fraction} || 'Z')`
}
