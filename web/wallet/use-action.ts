import { useRef, useState } from 'react'
import { simulateContract } from 'viem/actions'
import { useConnection, useSwitchChain, useWriteContract } from 'wagmi'
import type { ContractCall } from '../actions/action.ts'
import { type NextStep, nextStep, type Phase } from '../view/next-step.ts'
import { explainWallet, type WalletTrouble } from '../view/wallet-error.ts'
import { useTxs, useWallet } from './wallet-provider.tsx'

/**
 * One on-chain action from press to receipt: simulate, let the wallet sign, then follow the transaction in the store.
 * @param wantedAddress the wallet that must sign, or null when any may
 * @param prepare makes the call when the button is pressed; what it throws is shown
 */
export function useAction(options: {
  verb: string
  done: () => string
  problem: string | null
  wantedAddress: string | null
  prepare: () => Promise<ContractCall> | ContractCall
}) {
  const { wagmi, chain, txs } = useWallet()
  const { address, chainId } = useConnection()
  const switchChain = useSwitchChain()
  const write = useWriteContract()
  const [phase, setPhase] = useState<Exclude<Phase, 'sent'>>('idle')
  const [hash, setHash] = useState<string | null>(null)
  const [trouble, setTrouble] = useState<WalletTrouble | null>(null)
  const busy = useRef(false)
  const tx = useTxs().find((one) => one.hash === hash || one.replaced === hash) ?? null

  const step: NextStep = nextStep({
    verb: options.verb,
    problem: options.problem,
    phase: tx?.status === 'pending' ? 'sent' : phase,
    address: address ?? null,
    wantedAddress: options.wantedAddress,
    chainId: chainId ?? null,
    wantedChainId: chain.id,
    wantedChainName: chain.name,
  })

  async function run() {
    if (!address || busy.current) return
    busy.current = true
    setTrouble(null)
    try {
      setPhase('checking')
      const call = await options.prepare()
      await simulateContract(wagmi.getClient({ chainId: chain.id }), { ...call, account: address })
      setPhase('in_wallet')
      const sent = await write.mutateAsync({ ...call, chainId: chain.id, account: address })
      txs.track({ hash: sent, label: options.done(), sentAt: new Date().toISOString(), from: address, status: 'pending' })
      setHash(sent)
    } catch (error) {
      setTrouble(explainWallet(error))
    } finally {
      busy.current = false
      setPhase('idle')
    }
  }

  async function press() {
    setTrouble(null)
    if (step.act === 'run') return run()
    if (step.act === 'switch-chain') await switchChain.mutateAsync({ chainId: chain.id }).catch((error) => setTrouble(explainWallet(error)))
  }

  return { step, press, trouble, tx, reset: () => setHash(null) }
}
