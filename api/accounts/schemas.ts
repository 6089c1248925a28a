import { Type } from 'typebox'

export const Email = Type.String({
  maxLength: 254,
  pattern: '^[^\\s@<>()"\\x00-\\x1f]+@[^\\s@<>()"\\x00-\\x1f]+\\.[^\\s@<>()"\\x00-\\x1f.]{2,}$',
})
// Lengths are judged by assertStrongPassword, with its own code; this bound only keeps the hash cheap.
export const Password = Type.String({ maxLength: 4_096 })
