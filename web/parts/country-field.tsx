import { useId, useMemo } from 'react'
import { COUNTRIES } from '../../common/countries.ts'
import { countryName } from '../view/format.ts'

/** All countries by their name in the reader's language. */
export function CountryField({
  label,
  hint,
  value,
  onChange,
}: {
  label: string
  hint?: string
  value: string
  onChange: (code: string) => void
}) {
  const id = useId()
  const options = useMemo(
    () => COUNTRIES.map(({ alpha2 }) => ({ code: alpha2, name: countryName(alpha2) })).sort((a, b) => a.name.localeCompare(b.name)),
    [],
  )
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-semibold">
        {label}
      </label>
      <select
        id={id}
        className="field"
        required
        autoComplete="country"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        {...(hint && { 'aria-describedby': `${id}-hint` })}
      >
        <option value="">Choose a country</option>
        {options.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </select>
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-sm text-soft">
          {hint}
        </p>
      )}
    </div>
  )
}
