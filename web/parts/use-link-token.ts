import { useEffect, useState } from 'react'

/** The secret behind the # of a mailed link, taken out of the address bar so that it stays in no history; null when the link was cut off. */
export function useLinkToken(): string | null {
  const [token] = useState(() => location.hash.slice(1))
  useEffect(() => {
    if (location.hash !== '') history.replaceState(history.state, '', location.pathname)
  }, [])
  return token.length < 20 ? null : token
}
