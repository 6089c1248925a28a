import type { Network } from '../../common/wire-wallets.ts'

/** Networks as people call them. */
export const NETWORKS: Record<Network, string> = { evm: 'Ethereum or Polygon', solana: 'Solana', bitcoin: 'Bitcoin' }
