import type { Address, Hash, Hex, LocalAccount } from 'viem'

/** One investment to mint; see ITerraLuminaOwnership.Order. */
export interface MintOrder {
  investmentId: Hash
  investor: Address
  units: bigint
  /** First day since 1970 on which the units may move; 0 for no lock-up. */
  unlockDay: number
}

/** A payment attestor's word that orders are paid; see ITerraLuminaOwnership.Voucher. */
export interface Voucher {
  /** Unix second up to which it can be used. */
  deadline: number
  signature: Hex
}

const TYPES = {
  MintVoucher: [
    { name: 'projectId', type: 'uint24' },
    { name: 'orders', type: 'Order[]' },
    { name: 'deadline', type: 'uint40' },
  ],
  Order: [
    { name: 'investmentId', type: 'bytes32' },
    { name: 'investor', type: 'address' },
    { name: 'units', type: 'uint56' },
    { name: 'unlockDay', type: 'uint16' },
  ],
} as const

/** Signs that the orders are paid, for one ledger on one chain. The same orders and deadline always give the same signature. */
export async function signVoucher(
  paymentAttestor: LocalAccount,
  ledger: { chainId: number; ownership: string },
  projectId: number,
  orders: readonly MintOrder[],
  deadline: number,
): Promise<Voucher> {
  const signature = await paymentAttestor.signTypedData({
    domain: { name: 'TerraLuminaOwnership', version: '1', chainId: ledger.chainId, verifyingContract: ledger.ownership as Address },
    types: TYPES,
    primaryType: 'MintVoucher',
    message: { projectId, orders, deadline },
  })
  return { deadline, signature }
}
