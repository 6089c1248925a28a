import { day, moment } from '../view/format.ts'

/** A time in the reader's zone; the exact instant in UTC is in the markup. */
export function Moment({ at, dayOnly = false }: { at: string; dayOnly?: boolean }) {
  return (
    <time dateTime={at} title={moment(at)}>
      {dayOnly ? day(at) : moment(at)}
    </time>
  )
}
