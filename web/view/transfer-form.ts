import { type Address, isAddress } from 'viem'

export type TransferForm =
  | { ok: true; to: Address; units: bigint; toProblem: null; unitsProblem: null }
  | { ok: false; problem: string; toProblem: string | null; unitsProblem: string | null }

/** Reads the two fields of a transfer; `problem` names the next thing to do, the others stand beside their field. */
export function readTransfer(to: string, units: string, holder: { from: string; held: string }): TransferForm {
  const receiver = to.trim()
  const count = /^[\d\s,.]+$/.test(units.trim()) ? units.replace(/[\s,]/g, '') : units.trim()
  const toProblem = receiver === '' ? null : receiverProblem(receiver, holder.from)
  const unitsProblem = count === '' ? null : unitsProblemOf(count, holder.held)
  if (receiver === '') return { ok: false, problem: 'Enter the receiver’s wallet', toProblem, unitsProblem }
  if (toProblem) return { ok: false, problem: 'Check the receiver’s wallet', toProblem, unitsProblem }
  if (count === '') return { ok: false, problem: 'Enter how many units', toProblem, unitsProblem }
  if (unitsProblem) return { ok: false, problem: 'Check how many units', toProblem, unitsProblem }
  return { ok: true, to: receiver as Address, units: BigInt(count), toProblem: null, unitsProblem: null }
}

function receiverProblem(receiver: string, from: string): string | null {
  if (!/^0x[0-9a-fA-F]{40}$/.test(receiver)) return 'An address starts with 0x and has 40 more characters.'
  // A mixed-case address carries a checksum (EIP-55): a typing error shows.
  if (!isAddress(receiver)) return 'This address has a typing error: its checksum is wrong.'
  if (receiver.toLowerCase() === from.toLowerCase()) return 'That is your own wallet.'
  return null
}

function unitsProblemOf(count: string, held: string): string | null {
  if (!/^\d{1,17}$/.test(count) || BigInt(count) === 0n) return 'Write a whole number, at least 1.'
  if (BigInt(count) > BigInt(held)) return `You hold only ${held}.`
  return null
}
