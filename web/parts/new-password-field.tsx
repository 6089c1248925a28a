import { TextField } from './text-field.tsx'

/** Where a password is chosen; what it has to be is said before it is refused. */
export function NewPasswordField({ label, value, onChange }: { label: string; value: string; onChange: (password: string) => void }) {
  return (
    <TextField
      label={label}
      type="password"
      name="password"
      autoComplete="new-password"
      required
      minLength={12}
      maxLength={256}
      hint="At least 12 characters. Several unrelated words are best."
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  )
}
