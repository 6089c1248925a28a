import { useQueryClient } from '@tanstack/react-query'
import type { AccreditationStanding } from '../../common/wire-accreditation.ts'
import { useApi } from '../app.tsx'
import { accreditationQuery } from '../queries.ts'

/** Sends a step and shows where the investor stands after it. `path` is "", "/files" or "/submit". */
export function useAccreditationStep(): (path: string, body?: unknown) => Promise<void> {
  const api = useApi()
  const client = useQueryClient()
  return async (path, body) => {
    client.setQueryData(
      accreditationQuery(api).queryKey,
      await api.send<AccreditationStanding>('POST', `/users/accreditation${path}`, body),
    )
  }
}
