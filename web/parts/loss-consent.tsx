import { useState } from 'react'
import { CheckField } from './check-field.tsx'
import { Notice } from './notice.tsx'
import { TextField } from './text-field.tsx'

type Props = { amount: string; isAgreed: boolean; text: string; onText: (text: string) => void }

/** A large investment: the warning was read, and the amount that may be lost is written by the investor's own hand. */
export function LossConsent({ amount, isAgreed, text, onText }: Props) {
  const [isRead, setIsRead] = useState(false)
  return (
    <section aria-labelledby="much">
      <h2 id="much">This is much for you</h2>
      <Notice tone="wait" title="You can lose all of this money">
        <p>
          The amount is above EUR 1,000 and above a twentieth of the net worth that you worked out. You may go on, but only once you say
          that you understand what can happen.
        </p>
        <CheckField
          className="mt-4"
          isChecked={isRead}
          onCheck={(checked) => {
            setIsRead(checked)
            if (!checked) onText('')
          }}
        >
          I have read the warning and agree to invest all the same.
        </CheckField>
        {isRead && (
          <div className="mt-4 max-w-sm">
            <TextField
              label="How much of it may you lose, in EUR?"
              hint="Write the whole amount of this order"
              inputMode="decimal"
              autoComplete="off"
              value={text}
              onChange={(event) => onText(event.target.value)}
              problem={text === '' || isAgreed ? null : `You can lose all of it: ${amount}`}
            />
          </div>
        )}
      </Notice>
    </section>
  )
}
