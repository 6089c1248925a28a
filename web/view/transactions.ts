/** A transaction this browser sent. `status` is only what was seen on the chain; whether our mirror has it is told from its block. */
export type Tx = {
  hash: `0x${string}`
  label: string
  sentAt: string
  from: `0x${string}`
  status: 'pending' | 'mined' | 'failed' | 'cancelled' | 'superseded'
  /** Learnt from the node once it knows the transaction; they tell who took its place. */
  nonce?: number
  to?: `0x${string}` | null
  input?: `0x${string}`
  block?: string
  /** The hash it was first sent under, when the wallet sped it up. */
  replaced?: `0x${string}`
}

/** How many are remembered. */
const KEPT = 10

export type TxStage = 'pending' | 'mined' | 'indexed' | 'final' | 'failed' | 'cancelled' | 'superseded'

/** What a viewer should believe: mined is not yet mirrored, and mirrored is not yet final. */
export function stageOf(tx: Pick<Tx, 'status' | 'block'>, mirror: { asOfBlock: string; finalBlock: string } | null): TxStage {
  if (tx.status !== 'mined' || tx.block === undefined) return tx.status
  if (!mirror || BigInt(mirror.asOfBlock) < BigInt(tx.block)) return 'mined'
  return BigInt(mirror.finalBlock) < BigInt(tx.block) ? 'indexed' : 'final'
}

/** One sentence for each stage; the live region reads it out. */
export const STAGE_WORDS: Record<TxStage, string> = {
  pending: 'Sent. Waiting for the network to include it.',
  mined: 'Included in a block. Waiting for our mirror of the chain.',
  indexed: 'Done. The network is making it final.',
  final: 'Done, and final.',
  failed: 'The contract refused it. Only the network fee was spent.',
  cancelled: 'You cancelled it in your wallet. Only the network fee was spent.',
  superseded: 'Another transaction of your wallet took its place. This one will not happen.',
}

/** What took a transaction's nonce: itself (`reason` null), the same call at another fee, or something else. */
export type Seen = { hash: `0x${string}`; block: bigint; succeeded: boolean; reason: 'repriced' | 'replaced' | 'cancelled' | null }

/** Only our own call, perhaps at a higher fee, counts as done; a receipt for anything else does not. */
export function afterReceipt(tx: Tx, seen: Seen): Tx {
  if (seen.reason === 'cancelled') return { ...tx, status: 'cancelled' }
  if (seen.reason === 'replaced') return { ...tx, status: 'superseded' }
  const renamed = seen.hash === tx.hash ? tx : { ...tx, hash: seen.hash, replaced: tx.hash }
  return { ...renamed, status: seen.succeeded ? 'mined' : 'failed', block: String(seen.block) }
}

/** The newest first, each hash once, the oldest forgotten. */
export function remember(list: readonly Tx[], tx: Tx): Tx[] {
  return [tx, ...list.filter((other) => other.hash !== tx.hash && other.hash !== tx.replaced)].slice(0, KEPT)
}

/** Reads what was stored; anything that isn't a list of transactions is nothing. */
export function readTxs(stored: string | null): Tx[] {
  try {
    const list: unknown = JSON.parse(stored ?? '[]')
    return Array.isArray(list) ? list.filter(isTx).slice(0, KEPT) : []
  } catch {
    return []
  }
}

function isTx(value: unknown): value is Tx {
  const tx = value as Partial<Tx> | null
  return (
    typeof tx?.hash === 'string' &&
    /^0x[0-9a-f]{64}$/.test(tx.hash) &&
    typeof tx.label === 'string' &&
    typeof tx.from === 'string' &&
    typeof tx.status === 'string'
  )
}
