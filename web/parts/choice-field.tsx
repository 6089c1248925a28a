type Props = {
  legend: string
  name: string
  options: readonly { id: string; text: string }[]
  value: string | undefined
  onChoose: (id: string) => void
  problem?: string | null
}

/** A question with one answer to choose; arrow keys move between the answers. */
export function ChoiceField({ legend, name, options, value, onChoose, problem }: Props) {
  return (
    <fieldset>
      <legend className="font-semibold">{legend}</legend>
      <div className="mt-1.5 flex flex-col">
        {options.map(({ id, text }) => (
          <label key={id} className="flex items-start gap-3 py-1.5">
            <input
              type="radio"
              name={name}
              value={id}
              className="mt-1 size-5 shrink-0 accent-(--pine)"
              checked={value === id}
              onChange={() => onChoose(id)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
      {problem && <p className="mt-1 text-sm font-semibold text-clay">{problem}</p>}
    </fieldset>
  )
}
