import { decodeFunctionData, encodeFunctionData, type Hex, type LocalAccount } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import { type MintOrder, signVoucher, type Voucher } from '../../common/mint-voucher.ts'
import type { Deployment } from '../../common/node/deployment.ts'

/** What is minted for one investment; the receipt on chain says the same. */
export interface MintArguments extends MintOrder {
  projectId: number
}

/** How long a voucher can be used: longer than any mint waits, and one that waited longer gets a fresh one. */
const VOUCHER_SECONDS = 30 * 24 * 3_600

type Ledger = Pick<Deployment, 'chainId' | 'ownership'>

/** The call that mints one paid investment, with a voucher that can be used from now on. */
export async function makeMintCall(paymentAttestor: LocalAccount, ledger: Ledger, mint: MintArguments, now: Date): Promise<Hex> {
  const deadline = Math.floor(now.getTime() / 1000) + VOUCHER_SECONDS
  return encodeMint(mint, await sign(paymentAttestor, ledger, mint, deadline))
}

/** @throws Error for the data of another call */
export function decodeMint(callData: Hex): { mint: MintArguments; voucher: Voucher } {
  const { functionName, args } = decodeFunctionData({ abi: ownershipAbi, data: callData })
  if (functionName !== 'mintInvestment') throw new Error(`Not a mint: ${functionName}`)
  const [investmentId, projectId, investor, units, unlockDay, voucher] = args
  return { mint: { investmentId, projectId, investor, units, unlockDay }, voucher }
}

/** The same mint with a fresh voucher; null when the one it has is this attestor's and not over, so that a new one would not help. */
export async function renewMintCall(paymentAttestor: LocalAccount, ledger: Ledger, callData: Hex, now: Date): Promise<Hex | null> {
  const { mint, voucher } = decodeMint(callData)
  const own = await sign(paymentAttestor, ledger, mint, voucher.deadline)
  const isGood = own.signature === voucher.signature && voucher.deadline * 1000 > now.getTime()
  return isGood ? null : makeMintCall(paymentAttestor, ledger, mint, now)
}

function sign(paymentAttestor: LocalAccount, ledger: Ledger, { projectId, ...order }: MintArguments, deadline: number): Promise<Voucher> {
  return signVoucher(paymentAttestor, ledger, projectId, [order], deadline)
}

function encodeMint({ investmentId, projectId, investor, units, unlockDay }: MintArguments, voucher: Voucher): Hex {
  const args = [investmentId, projectId, investor, units, unlockDay, voucher] as const
  return encodeFunctionData({ abi: ownershipAbi, functionName: 'mintInvestment', args })
}
