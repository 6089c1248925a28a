import type { ReactNode } from 'react'

type Props = { isChecked: boolean; onCheck: (isChecked: boolean) => void; className?: string; children: ReactNode }

/** A box to tick with its sentence, both of them to be clicked. */
export function CheckField({ isChecked, onCheck, className = '', children }: Props) {
  return (
    <label className={`flex items-start gap-3 ${className}`}>
      <input
        type="checkbox"
        className="mt-1 size-5 shrink-0 accent-(--pine)"
        checked={isChecked}
        onChange={(event) => onCheck(event.target.checked)}
      />
      <span>{children}</span>
    </label>
  )
}
