import { shortHex } from './format.ts'

/** What the one primary button of a wallet action does next. */
export type NextStep = { label: string; act: 'connect' | 'switch-chain' | 'run' | 'none' }

export type Phase = 'idle' | 'checking' | 'in_wallet' | 'sent'

/**
 * The button always names the next step or the reason why there is none.
 * @param verb what is done once everything is in place, e.g. "Claim 12.34 USDC"
 * @param problem why it can't be done whatever the wallet says, e.g. "Enter an amount"
 */
export function nextStep(now: {
  verb: string
  problem: string | null
  phase: Phase
  address: string | null
  wantedAddress: string | null
  chainId: number | null
  wantedChainId: number
  wantedChainName: string
}): NextStep {
  if (now.problem) return { label: now.problem, act: 'none' }
  if (!now.address) return { label: 'Connect your wallet', act: 'connect' }
  if (now.wantedAddress && now.address.toLowerCase() !== now.wantedAddress.toLowerCase()) {
    return { label: `Choose ${shortHex(now.wantedAddress)} in your wallet`, act: 'none' }
  }
  if (now.chainId !== now.wantedChainId) return { label: `Switch to ${now.wantedChainName}`, act: 'switch-chain' }
  if (now.phase === 'checking') return { label: 'Checking with the network…', act: 'none' }
  if (now.phase === 'in_wallet') return { label: 'Confirm in your wallet…', act: 'none' }
  if (now.phase === 'sent') return { label: 'Waiting for the network…', act: 'none' }
  return { label: now.verb, act: 'run' }
}
