import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { Consent } from '../../common/wire-privacy.ts'
import { useApi } from '../app.tsx'
import { consentsQuery } from '../queries.ts'
import { consentWords, isAgreed } from '../view/data-words.ts'
import { CheckField } from './check-field.tsx'
import { ErrorNotice } from './error-notice.tsx'

/** A text, and the person's choice about it, which counts as soon as the box is ticked. */
export function ConsentItem({ consent }: { consent: Consent }) {
  const api = useApi()
  const client = useQueryClient()
  const choice = useMutation({
    mutationFn: (isGiven: boolean) => api.send<Consent[]>('PUT', `/users/consents/${consent.kind}`, { isGiven }),
    onSuccess: (all) => client.setQueryData(consentsQuery(api).queryKey, all),
  })
  const isChecked = choice.isPending ? choice.variables : isAgreed(consent)
  return (
    <li>
      <CheckField isChecked={isChecked} onCheck={(isGiven) => !choice.isPending && choice.mutate(isGiven)}>
        <span className="block font-semibold">{consent.title}</span>
        <span className="block max-w-prose text-soft">{consent.body}</span>
        <span className="mt-1 block text-sm text-soft">{consentWords(consent)}</span>
      </CheckField>
      {choice.error && <ErrorNotice error={choice.error} />}
    </li>
  )
}
