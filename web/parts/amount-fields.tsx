import { useState } from 'react'
import { formatMinor } from '../../common/money.ts'
import { readCents } from '../view/amount.ts'
import { TextField } from './text-field.tsx'

export interface AmountField<K extends string> {
  key: K
  label: string
  hint: string
}

/**
 * Fields for amounts of money, filled with what is known already; there may be more of them when drawn again. `read` gives all as cents,
 * or null when one is no amount; from then on the fields say which.
 */
export function useAmounts<K extends string>(fields: readonly AmountField<K>[], known: Record<K, string | null> | null) {
  const [texts, setTexts] = useState<Partial<Record<K, string>>>({})
  const textOf = (key: K): string => texts[key] ?? (known?.[key] == null ? '' : formatMinor(BigInt(known[key]), 2))
  const [isChecked, setIsChecked] = useState(false)
  const inputs = fields.map(({ key, label, hint }) => (
    <TextField
      key={key}
      label={label}
      hint={hint}
      inputMode="decimal"
      autoComplete="off"
      value={textOf(key)}
      onChange={(event) => setTexts({ ...texts, [key]: event.target.value })}
      problem={isChecked && readCents(textOf(key)) === null ? 'Enter an amount, like 85000' : null}
    />
  ))
  const read = (): Record<K, string> | null => {
    setIsChecked(true)
    const cents = fields.map(({ key }) => [key, readCents(textOf(key))] as const)
    if (cents.some(([, amount]) => amount === null)) return null
    return Object.fromEntries(cents.map(([key, amount]) => [key, String(amount)])) as Record<K, string>
  }
  return { inputs, read }
}
