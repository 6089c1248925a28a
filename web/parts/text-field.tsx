import { type ComponentProps, type ReactNode, useId } from 'react'

type Props = Omit<ComponentProps<'input'>, 'id'> & { label: string; hint?: ReactNode; problem?: string | null; isCode?: boolean }

/** A labelled input with its hint and, when there is one, its problem; both belong to it for screen readers. */
export function TextField({ label, hint, problem, isCode = false, ...input }: Props) {
  const id = useId()
  const described = [hint ? `${id}-hint` : '', problem ? `${id}-problem` : ''].filter(Boolean).join(' ')
  return (
    <div>
      <label htmlFor={id} className="mb-1 block font-semibold">
        {label}
      </label>
      <input
        id={id}
        className={`field ${isCode ? 'font-mono' : ''}`}
        {...input}
        {...(described && { 'aria-describedby': described })}
        {...(problem && { 'aria-invalid': true })}
      />
      {hint && (
        <p id={`${id}-hint`} className="mt-1 text-sm text-soft">
          {hint}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className="mt-1 text-sm font-semibold text-clay">
          {problem}
        </p>
      )}
    </div>
  )
}
