import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { createBloomBuilder } from './bloom.ts'
import { createTransferDigests, holdingDigests } from './digest.ts'
import { createLedger, type Ledger } from './ledger.ts'
import { type Forge, makeBlock } from './make-block.ts'
import { openStore, readNumbers } from './store.ts'
import { createTokens } from './tokens.ts'

export interface ChainOptions {
  seed: number
  /** The chain ends with the block that brings it to so many ids moved. */
  transfers: number
  wideIds: boolean
}

/** What a chain is and what an index of it must contain. */
export interface Facts extends ChainOptions {
  head: number
  logs: number
  /** Where the last id was moved: block, log and index within the log. */
  lastTransfer: [block: number, logIndex: number, index: number]
  /** By part of the chain and by token id; see digest.ts. */
  transferDigests: Record<string, string>
  holdingDigests: Record<string, string>
}

const PARENT_OF_FIRST = `0x${'0'.repeat(64)}`
const BLOCKS_PER_BREATH = 200

/** Writes a chain into an empty folder. `onProgress` is told now and then how many ids have been moved. */
export async function generateChain(folder: string, options: ChainOptions, onProgress: (transfers: number) => void): Promise<Facts> {
  mkdirSync(folder, { recursive: true })
  const store = openStore(folder)
  const forge = createForge(options, createLedger())
  const digests = createTransferDigests()
  let transfers = 0
  let parent = PARENT_OF_FIRST
  let lastLine = ''
  try {
    for (let number = 0; transfers < options.transfers; number++) {
      const block = makeBlock(forge, number, parent)
      parent = block.header.hash
      transfers += block.transfers.length
      lastLine = block.transfers.at(-1) ?? lastLine
      store.append(block)
      digests.add(number, block.transfers)
      if (number % BLOCKS_PER_BREATH === 0) {
        onProgress(transfers)
        await breathe()
      }
    }
    store.save()
  } finally {
    store.close()
  }
  const [block, , logIndex, index] = lastLine.split('|').map(Number)
  const facts: Facts = {
    ...options,
    transfers,
    head: store.head,
    logs: store.countLogs(0, store.head, 'all'),
    lastTransfer: [block!, logIndex!, index!],
    transferDigests: digests.digests,
    holdingDigests: holdingDigests(forge.tokens, forge.ledger),
  }
  saveLedger(folder, forge.ledger)
  writeFileSync(join(folder, 'facts.json'), JSON.stringify(facts))
  return facts
}

export function readFacts(folder: string): Facts {
  return JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8')) as Facts
}

/** What makes the blocks that follow a generated chain. */
export function continueChain(folder: string): Forge {
  const amounts = readNumbers(join(folder, 'amounts'))
  return createForge(readFacts(folder), createLedger(amounts, Uint32Array.from(readNumbers(join(folder, 'held')))))
}

function createForge({ seed, wideIds }: ChainOptions, ledger: Ledger): Forge {
  return { seed, tokens: createTokens(seed, wideIds), ledger, bloom: createBloomBuilder() }
}

function saveLedger(folder: string, { amounts, held, heldCount }: Ledger): void {
  writeFileSync(join(folder, 'amounts'), amounts)
  writeFileSync(join(folder, 'held'), Float64Array.from(held.subarray(0, heldCount)))
}
