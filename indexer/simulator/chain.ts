import type { Hex } from 'viem'
import { buildBlock, type SimBlock } from './block.ts'
import type { Tx } from './events.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { createRandom, type Random } from './random.ts'

/** One node's idea of the chain; forks of it share all blocks ever made. */
export interface SimChain {
  readonly chainId: number
  /** From block 0 to the head. */
  readonly blocks: readonly SimBlock[]
  readonly head: SimBlock
  /** The contract's books at the head. */
  readonly ledger: Ledger
  /** The highest block there ever was, on any branch. */
  readonly highest: number
  /** Newest block that is never undone here; what a node calls final unless told otherwise. */
  readonly finalized: number
  /** Blocks that may be undone: those above the final one. */
  readonly undoable: number
  /** What was undone and may happen again. */
  readonly pool: Tx[]
  /** Adds a block; transactions that the contract would refuse by now are left out. */
  mine(txs: readonly Tx[]): SimBlock
  /** Undoes the newest `depth` blocks. Below the final block only when `isForced`. */
  reorg(depth: number, isForced?: boolean): void
  /** Makes the branch that ends in a known block the chain. */
  switchTo(hash: Hex): void
  blockOf(hash: Hex): SimBlock | undefined
  /** Another view of the same world that goes its own way from here. */
  fork(): SimChain
}

/** How far finality is behind the highest head so far: reorganisations to depth 256 stay above it. */
export const FINAL_BEHIND = 300

export interface ChainOptions {
  chainId?: number
  finalBehind?: number
}

export function createChain(random: Random, options: ChainOptions = {}): SimChain {
  const genesis = buildBlock(undefined, [], random.hex(32))
  const state = { blocks: [genesis], ledger: createLedger(), highest: 0, pool: [] }
  return openChain(random, { chainId: 31_337, finalBehind: FINAL_BEHIND, ...options }, new Map([[genesis.hash, genesis]]), state)
}

interface State {
  blocks: SimBlock[]
  ledger: Ledger
  highest: number
  pool: Tx[]
}

function openChain(random: Random, options: Required<ChainOptions>, known: Map<Hex, SimBlock>, state: State): SimChain {
  const { blocks, ledger, pool } = state
  const append = (block: SimBlock) => {
    known.set(block.hash, block)
    blocks.push(block)
    state.highest = Math.max(state.highest, block.number)
  }
  const chain: SimChain = {
    chainId: options.chainId,
    blocks,
    ledger,
    pool,
    get head() {
      return blocks.at(-1)!
    },
    get highest() {
      return state.highest
    },
    get finalized() {
      return Math.max(0, state.highest - options.finalBehind)
    },
    get undoable() {
      return chain.head.number - chain.finalized
    },
    mine(txs) {
      const accepted: Tx[] = []
      for (const tx of txs) {
        if (!ledger.admits(tx)) continue
        ledger.apply(tx)
        accepted.push(tx)
      }
      append(buildBlock(chain.head, accepted, random.hex(32)))
      return chain.head
    },
    reorg(depth, isForced = false) {
      if (!isForced && depth > chain.undoable) throw new Error(`A reorganisation of depth ${depth} would undo what is final`)
      for (let undone = 0; undone < depth; undone++) {
        const { txs } = blocks.pop()!
        for (const tx of txs.toReversed()) ledger.undo(tx)
        pool.unshift(...txs)
      }
      pool.splice(500)
    },
    switchTo(hash) {
      const branch: SimBlock[] = []
      for (let block = known.get(hash)!; blocks[block.number]?.hash !== block.hash; block = known.get(block.parentHash)!)
        branch.unshift(block)
      const depth = chain.head.number - (branch[0]?.number ?? known.get(hash)!.number + 1) + 1
      chain.reorg(depth, true)
      for (const block of branch) {
        for (const tx of block.txs) ledger.apply(tx)
        append(block)
      }
    },
    blockOf: (hash) => known.get(hash),
    // With luck of its own: when it is asked to grow must not change what happens on this one.
    fork: () =>
      openChain(createRandom(Number(BigInt(chain.head.hash) & 0xffff_ffffn)), options, known, {
        blocks: [...blocks],
        ledger: ledger.copy(),
        highest: state.highest,
        pool: [...pool],
      }),
  }
  return chain
}
