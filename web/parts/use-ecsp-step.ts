import { useQueryClient } from '@tanstack/react-query'
import type { EcspStanding } from '../../common/wire-ecsp.ts'
import { useApi } from '../app.tsx'
import { ecspQuery } from '../queries.ts'

/** Sends a step and shows where the investor stands after it; what may be invested is asked anew. */
export function useEcspStep(): (path: string, body?: object) => Promise<void> {
  const api = useApi()
  const client = useQueryClient()
  return async (path, body = {}) => {
    client.setQueryData(ecspQuery(api).queryKey, await api.send<EcspStanding>('POST', `/users/ecsp/${path}`, body))
    await client.invalidateQueries({ queryKey: ['project'] })
  }
}
