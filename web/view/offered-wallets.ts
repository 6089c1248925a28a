/**
 * Which wallets to offer: those that announced themselves, and the bare `window.ethereum` only when it is all there is.
 * One wallet that announced itself twice is offered once.
 */
export function offeredWallets<T extends { id: string; name: string }>(connectors: readonly T[], hasWindowEthereum: boolean): T[] {
  const named = connectors.filter((connector) => connector.id !== 'injected')
  const announced = named.filter((connector) => connector.id !== 'web3auth')
  const legacy = announced.length === 0 && hasWindowEthereum ? connectors.filter((connector) => connector.id === 'injected') : []
  return [...new Map([...named, ...legacy].map((connector) => [connector.id, connector])).values()]
}
