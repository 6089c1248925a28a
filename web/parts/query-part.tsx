import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorNotice } from './error-notice.tsx'
import { Bone, Skeleton } from './skeleton.tsx'

type Props<T> = {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'isError' | 'refetch'>
  what: string
  isEmpty: (data: T) => boolean
  empty: ReactNode
  bones?: ReactNode
  children: (data: T) => ReactNode
}

/** A part of a page in one of its four states: waiting, error, empty, shown. */
export function QueryPart<T>({ query, what, isEmpty, empty, bones, children }: Props<T>) {
  if (query.data !== undefined) return isEmpty(query.data) ? <div className="text-soft">{empty}</div> : children(query.data)
  if (query.isError) return <ErrorNotice error={query.error} onRetry={() => query.refetch()} />
  return <Skeleton what={what}>{bones ?? <Bone className="h-24 w-full rounded-xl" />}</Skeleton>
}
