import { AppError } from '../../common/errors.ts'

const ADULT_YEARS = 18
const OLDEST_YEARS = 120

/** Accepts real dates of people between 18 and 120 years old. @throws AppError BIRTH_DATE */
export function assertAdult(birthDate: string, now: Date): void {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(birthDate)
  const date = new Date(`${birthDate}T00:00:00Z`)
  // 30 February becomes 1 or 2 March when read: written back it is another day.
  if (!match || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== birthDate) {
    throw new AppError('BIRTH_DATE', 'The birth date must be a real day, written YYYY-MM-DD')
  }
  const age = ageAt(date, now)
  if (age < 0 || age > OLDEST_YEARS) throw new AppError('BIRTH_DATE', 'The birth date cannot be right')
  if (age < ADULT_YEARS) throw new AppError('BIRTH_DATE', `You must be ${ADULT_YEARS} or older to invest`)
}

function ageAt(birth: Date, now: Date): number {
  const hadBirthday = now.getUTCMonth() * 100 + now.getUTCDate() >= birth.getUTCMonth() * 100 + birth.getUTCDate()
  return now.getUTCFullYear() - birth.getUTCFullYear() - (hadBirthday ? 0 : 1)
}
